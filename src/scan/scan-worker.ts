import { parentPort, workerData } from 'node:worker_threads'
import { prefilterOf } from './prefilter.ts'
import { fileReader, type Step } from './read-files.ts'

const { root, floor, inherits } = workerData as { root: string; floor: number; inherits: boolean }
const read = fileReader(root, floor, prefilterOf(inherits))
parentPort!.on('message', ({ paths, step }: { paths: string[]; step: Step }) =>
  parentPort!.postMessage(read(paths, step)),
)
