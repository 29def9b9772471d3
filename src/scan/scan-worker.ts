import { parentPort, workerData } from 'node:worker_threads'
import { prefilterOf } from './prefilter.ts'
import { fileReader, type Step } from './read-files.ts'

const { root, inherits, ...options } = workerData as {
  root: string
  inherits: boolean
  floor: number
  prefix: string
}
const read = fileReader(root, options, prefilterOf(inherits))
parentPort!.on('message', ({ paths, step }: { paths: string[]; step: Step }) =>
  parentPort!.postMessage(read(paths, step)),
)
