/** Small clients that the demonstration writes to its folder, for stacks that are not Node's. Each repeats one request for ever. */

/** Arguments: port, name, source address, highest version, seconds between requests, file of the CA. */
export const pythonClient = `import socket, ssl, sys, time
port, name, source, highest, every, ca = sys.argv[1:7]
versions = {'TLSv1': ssl.TLSVersion.TLSv1, 'TLSv1.1': ssl.TLSVersion.TLSv1_1, 'TLSv1.2': ssl.TLSVersion.TLSv1_2, 'TLSv1.3': ssl.TLSVersion.TLSv1_3}
import warnings; warnings.simplefilter('ignore')
context = ssl.create_default_context(cafile=ca)
context.minimum_version = ssl.TLSVersion.TLSv1 if highest in ('TLSv1', 'TLSv1.1') else ssl.TLSVersion.TLSv1_2
context.maximum_version = versions[highest]
if highest in ('TLSv1', 'TLSv1.1'): context.set_ciphers('DEFAULT:@SECLEVEL=0')
while True:
    try:
        with socket.create_connection(('127.0.0.1', int(port)), 5, (source, 0)) as plain, context.wrap_socket(plain, server_hostname=name) as secure:
            secure.sendall(('GET /pools HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' % name).encode())
            while secure.recv(4096): pass
    except OSError: pass
    time.sleep(float(every))
`

/** The same for Java, run as a single file (Java 11 and newer). TLS 1.0 needs \`legacySecurity\`. */
export const javaClient = `import java.io.*; import java.net.*; import java.security.*; import java.security.cert.*; import javax.net.ssl.*;
public class Client {
  public static void main(String[] a) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType()); store.load(null, null);
    store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(a[5])));
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()); trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS"); context.init(null, trust.getTrustManagers(), null);
    while (true) {
      try (Socket plain = new Socket("127.0.0.1", Integer.parseInt(a[0]), InetAddress.getByName(a[2]), 0);
           SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, a[1], Integer.parseInt(a[0]), true)) {
        secure.setEnabledProtocols(new String[] { a[3] });
        secure.getOutputStream().write(("GET /pools HTTP/1.1\\r\\nHost: " + a[1] + "\\r\\nConnection: close\\r\\n\\r\\n").getBytes());
        InputStream in = secure.getInputStream(); while (in.read() >= 0) {}
      } catch (IOException refused) {}
      Thread.sleep((long) (1000 * Double.parseDouble(a[4])));
    }
  }
}
`

/** Debian's list without TLSv1 and TLSv1.1; the property replaces the whole value. */
export const legacySecurity =
  'jdk.tls.disabledAlgorithms=SSLv3, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL\n'

/** The same for .NET in the manner of .NET Framework, compiled and run by Mono. */
export const monoClient = `using System; using System.IO; using System.Net; using System.Net.Sockets; using System.Net.Security; using System.Security.Authentication; using System.Text; using System.Threading;
class Client {
  static void Main(string[] a) {
    var versions = a[3] == "TLSv1" ? SslProtocols.Tls : a[3] == "TLSv1.1" ? SslProtocols.Tls11 : SslProtocols.Tls12;
    while (true) {
      try {
        using (var tcp = new TcpClient(new IPEndPoint(IPAddress.Parse(a[2]), 0))) {
          tcp.Connect("127.0.0.1", int.Parse(a[0]));
          using (var secure = new SslStream(tcp.GetStream(), false, (s, c, chain, errors) => true)) {
            secure.AuthenticateAsClient(a[1], null, versions, false);
            var request = Encoding.ASCII.GetBytes("GET /pools HTTP/1.1\\r\\nHost: " + a[1] + "\\r\\nConnection: close\\r\\n\\r\\n");
            secure.Write(request);
            new StreamReader(secure).ReadToEnd();
          }
        }
      } catch (IOException) {} catch (AuthenticationException) {} catch (SocketException) {}
      Thread.Sleep((int)(1000 * double.Parse(a[4], System.Globalization.CultureInfo.InvariantCulture)));
    }
  }
}
`
