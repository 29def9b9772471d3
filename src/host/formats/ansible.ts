import { versionName } from '../../model/version.ts'
import type { RegistryValue } from '../registry.ts'
import { plainData, shortPath } from '../registry.ts'
import type { Change, Remedy } from '../remedy.ts'
import { type Format, headline } from './format.ts'

export const ansible: Format = {
  id: 'ansible',
  title: 'Ansible playbooks',
  use: 'ansible-playbook apply.yml -i INVENTORY (collection ansible.windows); undo.yml takes it back. Made for hosts that are alike.',
  write: remedy => [
    {
      path: 'apply.yml',
      content: playbook(
        remedy,
        `brings the host to ${versionName(remedy.floor)}`,
        remedy.changes.map(applyTask),
      ),
    },
    {
      path: 'undo.yml',
      content: playbook(remedy, `takes back what brought the host to ${versionName(remedy.floor)}`, [
        ...remedy.changes.map(undoTask),
        ...remedy.createdKeys.map(key =>
          task(`remove ${shortPath(key)}`, [
            `path: ${quote(drivePath(key))}`,
            'state: absent',
            'delete_key: true',
          ]),
        ),
      ]),
    },
  ],
}

function playbook(remedy: Remedy, what: string, tasks: readonly string[]): string {
  return `${headline(remedy, what)
    .map(line => `# ${line}`)
    .join('\n')}
- name: ${quote(`TLS floor ${versionName(remedy.floor)}`)}
  hosts: all
  gather_facts: false
  tasks:${tasks.length === 0 ? ' []' : `\n${tasks.join('\n')}`}
`
}

function task(name: string, lines: readonly string[]): string {
  return [
    `    - name: ${quote(name)}`,
    '      ansible.windows.win_regedit:',
    ...lines.map(line => `        ${line}`),
  ].join('\n')
}

function applyTask({ key, to, why }: Change): string {
  return task(why, present(key, to))
}

function undoTask({ key, name, before }: Change): string {
  const title = `${name} as it was`
  if (before) return task(title, present(key, before))
  return task(title, [
    `path: ${quote(drivePath(key))}`,
    `name: ${quote(name)}`,
    'state: absent',
    'delete_key: false',
  ])
}

const typeNames: Record<number, string> = {
  1: 'string',
  2: 'expandstring',
  3: 'binary',
  4: 'dword',
  7: 'multistring',
  11: 'qword',
}

function present(key: string, value: RegistryValue): string[] {
  const plain = plainData(value)
  const isBytes = plain instanceof Uint8Array
  const data = isBytes
    ? `[${[...plain].join(', ')}]`
    : typeof plain === 'string' || Array.isArray(plain)
      ? JSON.stringify(plain)
      : String(plain)
  return [
    `path: ${quote(drivePath(key))}`,
    `name: ${quote(value.name)}`,
    `data: ${data}`,
    `type: ${isBytes ? 'binary' : (typeNames[value.type] ?? 'binary')}`,
    'state: present',
  ]
}

/** `HKLM:\…`, as the module wants it. */
function drivePath(key: string): string {
  return shortPath(key).replace('\\', ':\\')
}

/** JSON text is YAML text. */
function quote(text: string): string {
  return JSON.stringify(text)
}
