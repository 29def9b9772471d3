export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2'
enum V { TLS10 = 'TLSv1', TLS11 = 'TLSv1.1' }
const weak = ['TLSv1', 'TLSv1.1']
const labels = { TLSv1: 'TLS 1.0', 'TLSv1.1': 'TLS 1.1' }
const isOld = (v: string) => v === 'TLSv1' || weak.includes(v)
const schema = { minVersion: { type: 'string', enum: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] } }
const s = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2'])
it('rejects TLSv1', () => { expect(() => connect('TLSv1.2')).not.toThrow() })
console.warn('minVersion: TLSv1 is insecure')
// minVersion: 'TLSv1'
const o = { minVersion: 'TLSv1.2' as const, maxVersion: 'TLSv1.3' as const }
const v = pkg.version === '1.0'
const ui = <option value="TLSv1">TLS 1.0</option>
const re = /TLSv1(\.1)?/
throw new Error(`secureProtocol TLSv1_method is not supported`)
const docs = { title: 'TLSv1', description: 'minVersion TLSv1' }
if (opts.minVersion === 'TLSv1') opts.minVersion = 'TLSv1.2'
switch (p) { case 'TLSv1': return 1 }
const m = new Map([['TLSv1', 0x301], ['TLSv1.1', 0x302]])
securityPolicy: apigw.SecurityPolicy.TLS_1_2
sslPolicy: SslPolicy.RECOMMENDED_TLS
