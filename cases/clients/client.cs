// usage: client.exe URL VARIANT
using System;
using System.IO;
using System.Net;

class Client {
  static int Main(string[] args) {
    if (args[1] == "tls1.0") ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls;
    if (args[1] == "tls1.1") ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls | SecurityProtocolType.Tls11;
    if (args[1] == "tls1.2") ServicePointManager.SecurityProtocol = SecurityProtocolType.Tls12;
    ServicePointManager.ServerCertificateValidationCallback = (sender, certificate, chain, errors) => true;
    var request = (HttpWebRequest)WebRequest.Create(args[0]);
    request.Timeout = 15000;
    try {
      using (var response = request.GetResponse())
        Console.WriteLine(new StreamReader(response.GetResponseStream()).ReadToEnd());
      return 0;
    } catch (WebException error) {
      Console.Error.WriteLine(error.ToString());
      if (error.Response != null) Console.WriteLine(new StreamReader(error.Response.GetResponseStream()).ReadToEnd());
      return 1;
    }
  }
}
