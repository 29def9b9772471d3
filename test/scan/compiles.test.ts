import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixText } from '../../src/scan/apply.ts'
import { makeCertificate } from '../host/peer.ts'

const run = promisify(execFile)
const floor = 0x0303
let server: Server
let port = 0
let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tlsunset-compiles-'))
  makeCertificate(folder)
  server = createServer(
    {
      key: readFileSync(join(folder, 'key.pem')),
      cert: readFileSync(join(folder, 'cert.pem')),
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
    },
    socket => {
      socket.on('error', () => {})
      socket.end('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok')
    },
  )
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterAll(() => {
  server?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const has = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).error === undefined

interface Sample {
  file: string
  text: string
  /** Compiles (or parses) and runs; rejects when the program fails. */
  start(path: string): Promise<unknown>
}

/** Refused as it was written, served after the fix, by the real toolchain both times. */
async function refusedThenServed(sample: Sample) {
  const path = join(folder, sample.file)
  writeFileSync(path, sample.text)
  await expect(sample.start(path), 'as written').rejects.toThrow()
  const fixed = fixText(sample.file, sample.text, floor, 'client')
  expect(fixed.applied.length).toBeGreaterThan(0)
  writeFileSync(path, fixed.text)
  await sample.start(path)
}

test('JavaScript: a pinned client reaches a TLS 1.2 server after the fix', async () => {
  await refusedThenServed({
    file: 'client.cjs',
    text: `const tls = require('tls')
const socket = tls.connect({ host: '127.0.0.1', port: Number(process.argv[2]), rejectUnauthorized: false, secureProtocol: 'TLSv1_method' }, () => { socket.end(); process.exit(0) })
socket.on('error', () => process.exit(1))
`,
    start: path => run(process.execPath, [path, String(port)]),
  })
})

test.skipIf(!has('python3', '--version'))(
  `Python: a pinned client reaches a TLS 1.2 server after the fix${has('python3', '--version') ? '' : ' (skipped: no python3)'}`,
  async () => {
    await refusedThenServed({
      file: 'client.py',
      text: `import socket, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # client
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as raw:
    with context.wrap_socket(raw, server_hostname="localhost") as peer:
        print(peer.version())
`,
      start: path => run('python3', ['-W', 'ignore', path, String(port)]),
    })
  },
)

const opensslHeaders =
  spawnSync('sh', ['-c', 'echo "#include <openssl/ssl.h>" | gcc -E - >/dev/null 2>&1']).status === 0
test.skipIf(!opensslHeaders)(
  `C: a pinned client reaches a TLS 1.2 server after the fix${opensslHeaders ? '' : ' (skipped: no gcc with OpenSSL headers)'}`,
  async () => {
    await refusedThenServed({
      file: 'client.c',
      text: `#include <openssl/ssl.h>
#include <openssl/bio.h>
#include <string.h>
int main(int count, char **words) {
  SSL_CTX *context = SSL_CTX_new(TLSv1_client_method());
  BIO *bio = BIO_new_ssl_connect(context);
  char place[64] = "127.0.0.1:";
  strcat(place, words[1]);
  BIO_set_conn_hostname(bio, place);
  return BIO_do_connect(bio) > 0 && BIO_do_handshake(bio) > 0 ? 0 : 1;
}
`,
      async start(path) {
        await run('gcc', ['-Wno-deprecated-declarations', '-o', `${path}.out`, path, '-lssl', '-lcrypto'])
        await run(`${path}.out`, [String(port)])
      },
    })
  },
)

test.skipIf(!has('javac', '-version'))(
  `Java: a pinned client reaches a TLS 1.2 server after the fix${has('javac', '-version') ? '' : ' (skipped: no javac)'}`,
  async () => {
    await refusedThenServed({
      file: 'Client.java',
      text: `import javax.net.ssl.*;
public class Client {
  public static void main(String[] words) throws Exception {
    TrustManager trust = new X509ExtendedTrustManager() {
      public void checkClientTrusted(java.security.cert.X509Certificate[] c, String a, java.net.Socket s) {}
      public void checkServerTrusted(java.security.cert.X509Certificate[] c, String a, java.net.Socket s) {}
      public void checkClientTrusted(java.security.cert.X509Certificate[] c, String a, SSLEngine e) {}
      public void checkServerTrusted(java.security.cert.X509Certificate[] c, String a, SSLEngine e) {}
      public void checkClientTrusted(java.security.cert.X509Certificate[] c, String a) {}
      public void checkServerTrusted(java.security.cert.X509Certificate[] c, String a) {}
      public java.security.cert.X509Certificate[] getAcceptedIssuers() { return new java.security.cert.X509Certificate[0]; }
    };
    SSLContext context = SSLContext.getInstance("TLSv1");
    context.init(null, new TrustManager[] { trust }, null);
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(words[0]))) {
      socket.setEnabledProtocols(new String[] { "TLSv1", "TLSv1.1" });
      socket.startHandshake();
    }
  }
}
`,
      start: path =>
        run('java', ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', path, String(port)]),
    })
  },
  120_000,
)

const hasMono = has('mcs', '--version') && has('mono', '--version')
test.skipIf(!hasMono)(
  `C#: a pinned client reaches a TLS 1.2 server after the fix${hasMono ? '' : ' (skipped: no mono)'}`,
  async () => {
    await refusedThenServed({
      file: 'client.cs',
      text: `using System;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
class Client {
  static void Main(string[] words) {
    ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls | SecurityProtocolType.Tls11;
    using (var tcp = new TcpClient("127.0.0.1", int.Parse(words[0])))
    using (var stream = new SslStream(tcp.GetStream(), false, (a, b, c, d) => true)) {
      stream.AuthenticateAsClient("localhost", null, SslProtocols.Tls | SslProtocols.Tls11, false);
      Console.WriteLine(stream.SslProtocol);
    }
  }
}
`,
      async start(path) {
        await run('mcs', ['-nologo', `-out:${path}.exe`, path])
        await run('mono', [`${path}.exe`, String(port)])
      },
    })
  },
  120_000,
)

test('TypeScript: a pinned client compiles and reaches a TLS 1.2 server after the fix', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  await refusedThenServed({
    file: 'client.mts',
    text: `import { connect, type ConnectionOptions } from 'node:tls'
const options: ConnectionOptions = { host: '127.0.0.1', port: Number(process.argv[2]), rejectUnauthorized: false, maxVersion: 'TLSv1.1' }
connect({ ...options, servername: 'localhost' }, () => process.exit(0)).on('error', () => process.exit(1))
`,
    start: async path => {
      const words = ['--module', 'nodenext', '--skipLibCheck', '--strict', '--types', 'node', '--typeRoots']
      await run(
        process.execPath,
        [join(root, 'node_modules/typescript/bin/tsc'), ...words, join(root, 'node_modules/@types'), path],
        { cwd: folder },
      )
      await run(process.execPath, [path.replace(/mts$/, 'mjs'), String(port)])
    },
  })
})

test.skipIf(!has('go', 'version'))(
  `Go: a pinned client compiles and reaches a TLS 1.2 server after the fix${has('go', 'version') ? '' : ' (skipped: no go)'}`,
  { timeout: 180_000 },
  async () => {
    await refusedThenServed({
      file: 'client.go',
      text: `package main

import (
	"crypto/tls"
	"os"
)

func main() {
	config := &tls.Config{
		InsecureSkipVerify: true,
		MinVersion:         tls.VersionTLS10,
		MaxVersion:         tls.VersionTLS11,
	}
	if _, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[1], config); err != nil {
		panic(err)
	}
}
`,
      start: path =>
        run('go', ['run', path, String(port)], { env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' } }),
    })
  },
)
