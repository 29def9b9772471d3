import { spawn } from 'node:child_process'
spawn(process.execPath, ['--tls-min-v1.0', 'worker.js'])
export const flags = [
  '--tls-min-v1.0',
  '--tls-min-v1.1',
  '--tls-min-v1.2',
]
switch (flag) {
  case '--tls-max-v1.1':
    break
}
