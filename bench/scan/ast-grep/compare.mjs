// ast-grep over the tree with the rules beside this file: its time, and its places held against those of the scan.
import { spawnSync } from 'node:child_process'
import { relative, resolve } from 'node:path'
import { isRead, placesIn, scanArgs } from './peer.mjs'

/**
 * All findings of the scan are compared with all places of its rules; without grammars built apart, those in files that ast-grep has one for. A place of
 * ast-grep is an expression, one of ours a line: they are the same when the line lies in the expression, and a line counts once.
 */
export function compareWithAstGrep({ program, grammars, folder, doc, timed, scratch }) {
  const args = [...scanArgs(grammars, scratch), '.']
  const theirs = placesIn(program, args, folder)
  const ours = doc.findings
    .filter(({ effect, place }) => (grammars || isRead(place.path, grammars)) && /breaks|allows/.test(effect))
    .map(({ place }) => ({ file: resolve(folder, place.path), line: place.line }))
  const same = (their, our) => their.file === our.file && their.from <= our.line && our.line <= their.to
  const places = (list, line) =>
    [...new Set(list.map(one => `${relative(folder, one.file)}:${line(one)}`))].sort()
  return {
    name: spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim(),
    time: timed(program, args),
    both: places(
      ours.filter(our => theirs.some(their => same(their, our))),
      ({ line }) => line,
    ).length,
    onlyPeer: places(
      theirs.filter(their => !ours.some(our => same(their, our))),
      ({ from }) => from,
    ),
    onlyOurs: places(
      ours.filter(our => !theirs.some(their => same(their, our))),
      ({ line }) => line,
    ),
  }
}
