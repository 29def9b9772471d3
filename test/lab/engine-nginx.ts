import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerProfile } from '../../src/model/prediction.ts'
import { labCertificates } from './certificates.ts'
import { type Engine, inYard, listens, until } from './engine.ts'
import { dhParametersFile, findDaemon, opensslSuites } from './openssl-common.ts'
import { type LabServer, labServerOf, nodeVersions, profileOf } from './profiles.ts'

/** Every server of the lab is a `server` block that listens on a socket of its own, in one process. */
export const nginx: Engine = {
  id: 'nginx',
  title: 'nginx',
  needs: 'nginx',
  missing: () => (findDaemon('nginx') ? undefined : 'no nginx'),
  /** https://nginx.org/en/docs/http/ngx_http_ssl_module.html (November 2026); without TLSv1.3 before 1.23.4. The level is Debian's. */
  shipped: () => [
    {
      ...labServerOf('tls10-plus'),
      id: 'nginx-shipped',
      title: 'nginx as it ships',
      max: versionOf() >= 1_023_004 ? 'TLSv1.3' : 'TLSv1.2',
      min: versionOf() >= 1_027_003 ? 'TLSv1.2' : 'TLSv1',
      suites: opensslSuites('HIGH:!aNULL:!MD5'),
      groups: ['X25519', 'P-256', 'X448', 'P-521', 'P-384'],
      level: 2,
      asShipped: true,
    },
  ],
  cannot: () => undefined,
  start: servers =>
    inYard(async yard => {
      const at = new Map(servers.map(server => [server.id, join(yard.folder, `${server.id}.sock`)]))
      const config = join(yard.folder, 'nginx.conf')
      writeFileSync(
        config,
        `daemon off;
master_process off;
pid ${yard.folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${yard.folder}/body;
  proxy_temp_path ${yard.folder}/proxy;
  fastcgi_temp_path ${yard.folder}/fastcgi;
  uwsgi_temp_path ${yard.folder}/uwsgi;
  scgi_temp_path ${yard.folder}/scgi;
${servers.map(server => block(server, at.get(server.id)!)).join('')}}
`,
      )
      const started = yard.run(findDaemon('nginx')!, ['-c', config, '-e', 'stderr', '-p', yard.folder], {
        OPENSSL_CONF: '/dev/null',
      })
      for (const path of at.values()) await until(started, 'nginx', () => listens(path))
      return {
        at,
        profiles: new Map(servers.map(server => [server.id, { ...profileOf(server), ...protocols() }])),
      }
    }),
}

/** The versions and suites of a socket are those of its default server, whoever the named ones are: so the stranger's block has them too. */
function block(server: LabServer, path: string): string {
  const { leaf } = labCertificates()
  const certificates = server.certificates.flatMap(kind => [
    `ssl_certificate ${leaf[kind].certFile}`,
    `ssl_certificate_key ${leaf[kind].keyFile}`,
  ])
  const answer = 'return 200 "hello from the lab\\n"'
  const settings = server.asShipped ? [] : settingsOf(server)
  const blocks = server.requiresSni
    ? [
        [`listen unix:${path} ssl default_server`, 'ssl_reject_handshake on', ...settings],
        [`listen unix:${path} ssl`, 'server_name localhost', ...certificates, ...settings, answer],
      ]
    : [[`listen unix:${path} ssl`, ...certificates, ...settings, answer]]
  return blocks.map(lines => `  server {\n${lines.map(line => `    ${line};\n`).join('')}  }\n`).join('')
}

function settingsOf(server: LabServer): string[] {
  return [
    `ssl_protocols ${nodeVersions(server).join(' ')}`,
    `ssl_ciphers ${[...server.suites, `@SECLEVEL=${server.level}`].join(':')}`,
    `ssl_conf_command Ciphersuites ${server.suitesTls13.join(':')}`,
    `ssl_conf_command SignatureAlgorithms ${server.schemes.join(':')}`,
    `ssl_ecdh_curve ${server.groups.join(':')}`,
    `ssl_prefer_server_ciphers ${server.choice === 'server' ? 'on' : 'off'}`,
    ...(server.dh ? [`ssl_dhparam ${dhParametersFile()}`] : []),
  ]
}

/** Since 1.21.4 it refuses clients that offer other protocols only (ALPACA); without `http2 on` these are what it has. */
function protocols(): Pick<ServerProfile, 'alpn'> {
  return versionOf() >= 1_021_004 ? { alpn: ['http/1.1', 'http/1.0', 'http/0.9'] } : {}
}

/** 1.22.1 as 1022001. */
function versionOf(): number {
  const said = spawnSync(findDaemon('nginx')!, ['-v'], { encoding: 'utf8' }).stderr
  const [, major = 0, minor = 0, patch = 0] = /(\d+)\.(\d+)\.(\d+)/.exec(said) ?? []
  return Number(major) * 1_000_000 + Number(minor) * 1000 + Number(patch)
}
