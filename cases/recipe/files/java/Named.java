public final class Named {
  public static final Named SSLv3 = new Named(0x0300, "SSLv3");
  public static final Named TLSv10 = new Named(0x0301, "TLSv1");
}
