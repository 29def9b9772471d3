import { parentPort, workerData } from 'node:worker_threads'
import { countPieces, type Share } from './count-pieces.ts'

parentPort!.postMessage(countPieces(workerData as Share))
