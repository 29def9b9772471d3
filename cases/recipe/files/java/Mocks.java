Mockito.verify(socket).setEnabledProtocols(new String[]{"TLSv1.2", "TLSv1"});
socket().setEnabledProtocols(new String[]{"TLSv1.2", "TLSv1"});
