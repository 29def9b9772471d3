import { getSystemErrorMap } from 'node:util'
import { Fault } from '../../base/fault.ts'

/**
 * TCP without streams: the handles that `node:net` is built on, used directly. This file alone knows them.
 *
 * Why: the same proxy on net.Socket makes 0.25-0.4 of HAProxy's new connections per CPU second, on bare handles 0.55-0.65
 * (docs/decisions, `npm run bench -- gateway`). Two stream objects per connection, with their state and ticks, cost more than the sockets.
 * What it rests on: process.binding (DEP0111, no run-time warning) gives `tcp_wrap` and `stream_wrap` in Node 20, 22 and 24; the calls below are
 * those of lib/net.js there. A Node that takes them away is met by a Fault at the start and by the tests, never by wrong behaviour.
 */
export interface Link {
  owner: unknown
  role: LinkRole
  /** Where reads of this link go; null: each read gets memory of its own. */
  buffer: Uint8Array | null

  onread: (chunk: ArrayBuffer | undefined) => void
  readStart(): number
  readStop(): number
  useUserBuffer(buffer: Uint8Array): void
  writeBuffer(request: object, bytes: Uint8Array): number
  shutdown(request: object): number
  close(done?: () => void): void
  reset(done?: () => void): number
  setNoDelay(on: boolean): number
  setKeepAlive(on: boolean, delayS: number): number
  getpeername(out: object): number
  getsockname(out: object): number
  connect(request: object, host: string, port: number): number
  connect6(request: object, host: string, port: number): number
  bind(host: string, port: number): number
  bind6(host: string, port: number, flags: number): number
  listen(backlog: number): number
  onconnection: (status: number, link: Link) => void
}

/** What happens on a link; one object serves all links of a role, and `link.owner` leads to the connection. Errors are negative errno values. */
export interface LinkRole {
  bytes(link: Link, bytes: Uint8Array): void
  /** 0: the peer has closed its direction. */
  end(link: Link, error: number): void
  /** A write that had to wait has left, or failed. */
  sent(link: Link, error: number): void
  /** The end of our direction was sent. */
  finished(link: Link, error: number): void
}

export interface Address {
  address: string
  port: number
}

interface Request {
  oncomplete: (status: number) => void
  link?: Link
  bytes?: Uint8Array
  done?: (error: number) => void
}

interface Bindings {
  TCP: new (kind: number) => Link
  TCPConnectWrap: new () => Request
  WriteWrap: new () => Request
  ShutdownWrap: new () => Request
  state: Int32Array
  kind: { SOCKET: number; SERVER: number }
  readResult: number
  readOffset: number
  wasAsync: number
}

const endOfFile = -4095
const { TCP, TCPConnectWrap, WriteWrap, ShutdownWrap, state, kind, readResult, readOffset, wasAsync } = load()

function load(): Bindings {
  try {
    const { binding } = process as unknown as { binding(name: string): Record<string, unknown> }
    const tcp = binding('tcp_wrap')
    const stream = binding('stream_wrap')
    const found = {
      TCP: tcp.TCP,
      TCPConnectWrap: tcp.TCPConnectWrap,
      WriteWrap: stream.WriteWrap,
      ShutdownWrap: stream.ShutdownWrap,
      state: stream.streamBaseState,
      kind: tcp.constants,
      readResult: stream.kReadBytesOrError,
      readOffset: stream.kArrayBufferOffset,
      wasAsync: stream.kLastWriteWasAsync,
    }
    for (const [name, value] of Object.entries(found))
      if (value === undefined) throw new Error(`${name} is missing`)
    return found as unknown as Bindings
  } catch (cause) {
    throw new Fault(
      'environment',
      'node-without-handles',
      `Node ${process.version} does not give the gateway its TCP handles`,
      {
        hint: 'run the gateway with Node 20, 22 or 24',
        cause,
      },
    )
  }
}

/** A bound socket that does not listen yet: its holder keeps the port, and the backlog, whatever becomes of those who accept. */
export function bindSocket(host: string, port: number): Link {
  const link = new TCP(kind.SERVER)
  const error = isV6(host) ? link.bind6(host, port, 0) : link.bind(host, port)
  // Linux reports a taken port only at the next use of the socket.
  const late = error || link.getsockname({})
  if (late === 0) return link
  link.close()
  throw cannotListen(host, port, late)
}

/**
 * Accepts connections; several processes may do so on the same socket. `onError` hears what accept(2) failed with: without a free file
 * descriptor the operating system's connection is closed unseen.
 */
export function listen(
  socket: Link,
  onLink: (link: Link) => void,
  onError: (error: number) => void,
): Address {
  socket.onconnection = (status, link) => {
    if (status === 0) onLink(link)
    else onError(status)
  }
  const error = socket.listen(4096)
  const at = localAddress(socket)
  if (error !== 0) throw cannotListen(at.address, at.port, error)
  return at
}

function cannotListen(host: string, port: number, error: number): Fault {
  const name = errorName(error)
  const hints: Record<string, string> = {
    EADDRINUSE: `ss -ltnp 'sport = :${port}' shows who has port ${port}; or set another gateway.listen.port`,
    EACCES: `ports below 1024 need a privilege: setcap cap_net_bind_service=+ep $(which node), or a port above 1023`,
    EADDRNOTAVAIL: `${host} is not an address of this machine; gateway.listen.host 0.0.0.0 listens on all`,
  }
  const message =
    name === 'EADDRINUSE'
      ? `port ${port} on ${host} is taken`
      : `cannot listen on ${host} port ${port}: ${name}`
  return new Fault('environment', 'gateway-listen', message, hints[name] ? { hint: hints[name] } : {})
}

export function localAddress(socket: Link): Address {
  const out: Partial<Address> = {}
  socket.getsockname(out)
  return { address: out.address ?? '', port: out.port ?? 0 }
}

/** Null when the peer is gone already. IPv4 in IPv6 clothing is undressed. */
export function peerAddress(link: Link): Address | null {
  const out: Partial<Address> = {}
  if (link.getpeername(out) !== 0 || out.address === undefined) return null
  const { address, port } = out as Address
  return { address: address.startsWith('::ffff:') ? address.slice(7) : address, port }
}

/** Gives a link its owner and role. Nothing is read yet. */
export function adopt(link: Link, owner: unknown, role: LinkRole): void {
  link.owner = owner
  link.role = role
  link.buffer = null
  link.onread = onRead
}

/**
 * From now on every read of this link goes into the same memory: what `role.bytes` gets is overwritten by the next read, so that nothing may be read
 * while a write of it waits. For links with much to read: no allocation, and larger reads than the 64 KiB that libuv asks for. Once per link.
 */
export function readInto(link: Link, buffer: Uint8Array): void {
  link.buffer = buffer
  link.useUserBuffer(buffer)
}

/** `done` hears 0 or a negative errno. */
export function connect(address: string, port: number, done: (error: number, link: Link) => void): Link {
  const link = new TCP(kind.SOCKET)
  const request = new TCPConnectWrap()
  request.oncomplete = status => done(status, link)
  const error = isV6(address) ? link.connect6(request, address, port) : link.connect(request, address, port)
  if (error !== 0) process.nextTick(done, error, link)
  return link
}

/** Addresses only come from look-ups; the pattern of node:net's isIPv6 shows in profiles. */
function isV6(address: string): boolean {
  return address.includes(':')
}

function onRead(this: Link, chunk: ArrayBuffer | undefined): void {
  const size = state[readResult]!
  if (size > 0) {
    const bytes =
      this.buffer === null ? new Uint8Array(chunk!, state[readOffset], size) : this.buffer.subarray(0, size)
    this.role.bytes(this, bytes)
  } else if (size < 0) this.role.end(this, size === endOfFile ? 0 : size)
}

let spare = new WriteWrap()

/**
 * Sends bytes: 0 when they are gone, 1 when they wait for the peer and `role.sent` will tell (until then nothing may change in them), negative
 * errno when the link is broken. Mostly they are gone at once, so the request object is used again.
 */
export function send(link: Link, bytes: Uint8Array): number {
  const error = link.writeBuffer(spare, bytes)
  if (error === 0 && state[wasAsync] === 0) return 0
  const request = spare
  spare = new WriteWrap()
  if (error !== 0) return error
  request.link = link
  request.bytes = bytes
  request.oncomplete = onSent
  return 1
}

function onSent(this: Request, status: number): void {
  this.link!.role.sent(this.link!, status)
}

/** Ends our direction after what was sent before; `role.finished` tells. */
export function finish(link: Link): void {
  const request = new ShutdownWrap()
  request.link = link
  request.oncomplete = onFinished
  const error = link.shutdown(request)
  if (error !== 0) process.nextTick(onFinished.bind(request), error)
}

function onFinished(this: Request, status: number): void {
  this.link!.role.finished(this.link!, status)
}

/** Closes with a reset, so that the peer cannot take it for an orderly end. */
export function reset(link: Link): void {
  if (link.reset() !== 0) link.close()
}

/** `ECONNREFUSED` for -111. */
export function errorName(error: number): string {
  return getSystemErrorMap().get(error)?.[0] ?? `error ${error}`
}
