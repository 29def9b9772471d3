// usage: Client NAME PORT PATH; versions come from -Dhttps.protocols, the address of NAME from -Djdk.net.hosts.file
import java.io.InputStream;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

public class Client {
  public static void main(String[] args) throws Exception {
    HttpsURLConnection connection = (HttpsURLConnection) new URL("https://" + args[0] + ":" + args[1] + args[2]).openConnection();
    connection.setConnectTimeout(15000);
    connection.setReadTimeout(15000);
    int code = connection.getResponseCode();
    System.out.println(code + " " + connection.getResponseMessage() + " " + connection.getCipherSuite());
    InputStream body = code < 400 ? connection.getInputStream() : connection.getErrorStream();
    if (body != null) body.transferTo(System.out);
  }
}
