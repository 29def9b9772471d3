import { versionName } from '../model/version.ts'
import { type Cell, type Fleet, kindsOf, kindTitles, type Pattern, sortedPatterns } from './fleet.ts'

/** The fleet as one page without scripts or requests: the sentence, the matrix of hosts that look alike, and what could not be read. */
export function fleetHtml(fleet: Fleet, at: string): string {
  const floor = versionName(fleet.floor)
  const kinds = kindsOf(fleet)
  const { breaks, unsure, clear } = fleet.byVerdict
  const patterns = sortedPatterns(fleet)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hosts at ${floor}: ${breaks} of ${fleet.hosts} break</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${breaks} of ${fleet.hosts} hosts ${breaks === 1 ? 'breaks' : 'break'} when ${floor} becomes the floor</h1>
<p>${unsure} unsure, ${clear} clear. Evaluated ${escapeHtml(at)} from exports; ${patterns.length} different pictures.
Each cell shows what the worst consumer of its kind offers.</p>
<div class="bar" role="img" aria-label="${breaks} break, ${unsure} unsure, ${clear} clear">${bar(fleet)}</div>
<p class="legend"><span class="yes">✕ breaks</span> <span class="maybe">✕ breaks, if there are such programs</span> <span class="maybe">? depends on an open point</span> <span class="no">✓ reaches the floor</span>
<span>* the facts behind it are not certain</span></p>
<div class="scroll"><table>
<thead><tr><th scope="col">verdict</th><th scope="col">hosts</th><th scope="col">system</th>${kinds
    .map(kind => `<th scope="col">${escapeHtml(kindTitles[kind] ?? kind)}</th>`)
    .join('')}</tr></thead>
<tbody>
${patterns.map(pattern => row(pattern, kinds)).join('\n')}
</tbody></table></div>
${section(
  'Unreadable lines',
  fleet.malformed.map(
    ({ file, line, want, more }) =>
      `${file}, line ${line}: ${want} is wanted${more > 0 ? `, and ${more} more` : ''}`,
  ),
)}
${section(
  'Skipped files',
  fleet.skipped.map(({ file, line, reason }) => `${file}${line > 0 ? `, line ${line}` : ''}: ${reason}`),
)}
</main>
</body>
</html>
`
}

function bar({ byVerdict, hosts }: Fleet): string {
  return (['breaks', 'unsure', 'clear'] as const)
    .filter(verdict => byVerdict[verdict] > 0)
    .map(verdict => `<i class="${verdict}" style="flex:${byVerdict[verdict] / hosts}"></i>`)
    .join('')
}

function row({ verdict, hosts, os, because, cells }: Pattern, kinds: readonly string[]): string {
  const names = hosts.map(escapeHtml).join(' ')
  const title = hosts.length === 1 ? names : `${hosts.length} hosts`
  return `<tr class="${verdict}"><th scope="row">${verdict}</th><td><details><summary>${title}</summary><p>${escapeHtml(
    because,
  )}</p>${hosts.length > 1 ? `<p class="names">${names}</p>` : ''}</details></td><td>${escapeHtml(os)}</td>${kinds
    .map(kind => cell(cells[kind], kind))
    .join('')}</tr>`
}

const signs = { yes: '✕', maybe: '?', no: '✓' }
const spoken = { yes: 'breaks', maybe: 'depends', no: 'reaches the floor' }

function cell(found: Cell | undefined, kind: string): string {
  if (!found) return '<td class="none">–</td>'
  const star = found.certain ? '' : '<abbr title="not certain">*</abbr>'
  // A server on the host is no client of the service: its offer is shown, not judged.
  if (kind === 'server') return `<td>${escapeHtml(found.offered)}${star}</td>`
  const tone = found.breaks === 'yes' && found.ifAny ? 'maybe' : found.breaks
  const label = `${spoken[found.breaks]}${found.breaks !== 'no' && found.ifAny ? ', if there are such programs' : ''}`
  return `<td class="${tone}"><b aria-label="${label}">${signs[found.breaks]}</b> ${escapeHtml(found.offered)}${star}</td>`
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `<details class="list"><summary>${title}: ${lines.length}</summary><ul>${lines.map(line => `<li>${escapeHtml(line)}</li>`).join('')}</ul></details>`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--yes:#cf222e;--yesbg:#ffebe9;--maybe:#7a4e00;--maybebg:#fff4d6;--no:#116329;--nobg:#e6f6ea}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#30363d;--yes:#ff9a94;--yesbg:#3c1618;--maybe:#e3b341;--maybebg:#33270a;--no:#7ee2a0;--nobg:#12301d}}
body{background:var(--bg);color:var(--fg);font:15px/1.45 system-ui,sans-serif;margin:0}
main{max-width:100rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;margin:0 0 .5rem}
p{margin:.3rem 0}
.bar{display:flex;height:.8rem;gap:2px;margin:1rem 0 .5rem;border-radius:4px;overflow:hidden}
.bar i{min-width:4px}.bar .breaks{background:var(--yes)}.bar .unsure{background:var(--maybe)}.bar .clear{background:var(--no)}
.legend{color:var(--dim)}.legend span{margin-right:1rem}
.scroll{overflow-x:auto;margin-top:1rem}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top;white-space:nowrap}
thead th{color:var(--dim);font-weight:600;position:sticky;top:0;background:var(--bg)}
details p{white-space:normal;max-width:40rem}.names{color:var(--dim);max-height:12rem;overflow:auto}
summary{cursor:pointer}
.yes{color:var(--yes)}td.yes{background:var(--yesbg)}.maybe{color:var(--maybe)}td.maybe{background:var(--maybebg)}.no{color:var(--no)}td.no{background:var(--nobg)}
tr.breaks>th{color:var(--yes)}tr.unsure>th{color:var(--maybe)}tr.clear>th{color:var(--no)}
.none{color:var(--dim)}abbr{text-decoration:none}
.list{margin-top:1rem}
`
