import { isIPv4, isIPv6 } from 'node:net'
import type { Address } from './raw-tcp.ts'

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const authority = 0x02

/**
 * A PROXY protocol v2 header (https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt, section 2.2, read 2026-11): the client's address, ours
 * that it connected to, and the SNI as PP2_TYPE_AUTHORITY so that the upstream can tell names apart before it has a hello.
 */
export function proxyHeader(client: Address, local: Address, sni: string | null): Uint8Array {
  const both = isIPv4(client.address) && isIPv4(plain(local.address))
  const addresses = both
    ? Buffer.concat([bytes4(client.address), bytes4(plain(local.address))])
    : Buffer.concat([bytes6(client.address), bytes6(local.address)])
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(client.port, 0)
  ports.writeUInt16BE(local.port, 2)
  const name = sni === null ? Buffer.alloc(0) : Buffer.from(sni, 'latin1')
  const tlv =
    sni === null
      ? name
      : Buffer.concat([Buffer.from([authority, name.length >> 8, name.length & 0xff]), name])
  const size = addresses.length + 4 + tlv.length
  // 0x21: version 2, command PROXY; 0x11 TCP over IPv4, 0x21 TCP over IPv6.
  const head = Buffer.from([0x21, both ? 0x11 : 0x21, size >> 8, size & 0xff])
  return Buffer.concat([signature, head, addresses, ports, tlv])
}

function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

function bytes4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

function bytes6(address: string): Buffer {
  if (isIPv4(address)) return Buffer.concat([Buffer.alloc(10), Buffer.from([0xff, 0xff]), bytes4(address)])
  const [head = '', tail] = (isIPv6(address) ? address : '::').split('%')[0]!.split('::') as [string, string?]
  const words = (text: string) =>
    text.split(':').flatMap(word => {
      if (word === '') return []
      if (word.includes('.')) {
        const [a, b, c, d] = word.split('.').map(Number) as [number, number, number, number]
        return [(a << 8) | b, (c << 8) | d]
      }
      return [Number.parseInt(word, 16)]
    })
  const [start, end] = [words(head), words(tail ?? '')]
  const all = [...start, ...Array<number>(8 - start.length - end.length).fill(0), ...end]
  return Buffer.from(all.flatMap(word => [word >> 8, word & 0xff]))
}
