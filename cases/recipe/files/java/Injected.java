class Injected {
  @Value("${ssl.protocols:TLSv1,TLSv1.1,TLSv1.2}") String protocols;
  @Value("${ssl.protocols:TLSv1.2}") String modern;
  @Value("${message.old:TLSv1 is old}") String message;
  @ConfigProperty(name = "ssl.protocol", defaultValue = "TLSv1.1") String protocol;
  @ConfigProperty(name = "report.title", defaultValue = "TLSv1.1") String title;
  FTPSClient client = new FTPSClient("TLSv1", false);
  FTPSClient modern = new FTPSClient("TLSv1.2", false);
}
