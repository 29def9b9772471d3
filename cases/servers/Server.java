import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * TLS servers on free ports of 127.0.0.1, one per line of the file named by the only argument:
 * ID|PROTOCOLS|SUITES|client or server|KEY-ALGORITHM CERTIFICATE KEY,...  An empty field leaves Java's default.
 * Prints per line: ID PORT PROTOCOLS SUITES client-or-server, as Java then has them.
 */
public class Server {
  public static void main(String[] args) throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool(task -> {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      return thread;
    });
    Map<String, KeyManager[]> managers = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] field = line.split("\\|", -1);
      // A store encrypts its keys, which takes longer than all else here: servers with the same keys share what reads them.
      if (!managers.containsKey(field[4])) managers.put(field[4], managersOf(field[4]));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.get(field[4]), null, null);
      SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
          .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      SSLParameters parameters = listener.getSSLParameters();
      if (!field[1].isEmpty()) parameters.setProtocols(field[1].split(","));
      if (!field[2].isEmpty()) parameters.setCipherSuites(field[2].split(","));
      if (!field[3].isEmpty()) parameters.setUseCipherSuitesOrder(field[3].equals("server"));
      listener.setSSLParameters(parameters);
      System.out.println(String.join(" ", field[0], String.valueOf(listener.getLocalPort()),
          String.join(",", parameters.getProtocols()), String.join(",", parameters.getCipherSuites()),
          parameters.getUseCipherSuitesOrder() ? "server" : "client"));
      pool.submit(() -> {
        while (true) {
          SSLSocket socket = (SSLSocket) listener.accept();
          pool.submit(() -> answer(socket));
        }
      });
    }
    System.out.println("ready");
    Thread.currentThread().join();
  }

  static void answer(SSLSocket socket) {
    try (socket) {
      socket.setSoTimeout(10_000);
      InputStream in = socket.getInputStream();
      in.read();
      socket.getOutputStream().write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello from the lab\n".getBytes());
    } catch (Exception refused) {
      // The client sees the alert; there is nothing to say here.
    }
  }

  static KeyManager[] managersOf(String keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    for (String key : keys.split(",")) {
      String[] part = key.split(" ");
      Certificate certificate = CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(part[1]))));
      String pem = Files.readString(Path.of(part[2])).replaceAll("-----[^-]*-----|\\s", "");
      PrivateKey secret = KeyFactory.getInstance(part[0])
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
      store.setKeyEntry("key" + count++, secret, new char[0], new Certificate[] {certificate});
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }
}
