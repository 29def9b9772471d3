import type { Engine } from './engine.ts'
import { gnutls } from './engine-gnutls.ts'
import { haproxy } from './engine-haproxy.ts'
import { java } from './engine-java.ts'
import { nginx } from './engine-nginx.ts'
import { node } from './engine-node.ts'

/** Every kind of real server that the lab knows. */
export const engines: readonly Engine[] = [node, nginx, haproxy, gnutls, java]
