# usage: client.py HOST PORT NAME CA-FILE VARIANT PATH
import socket, ssl, sys
host, port, name, ca, variant, path = sys.argv[1:7]
context = ssl.create_default_context(cafile=ca)
versions = {'tls1.0': ssl.TLSVersion.TLSv1, 'tls1.1': ssl.TLSVersion.TLSv1_1, 'tls1.2': ssl.TLSVersion.TLSv1_2}
if variant in versions:
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = versions[variant]
    context.set_ciphers('DEFAULT:@SECLEVEL=0')
with socket.create_connection((host, int(port)), timeout=15) as raw:
    with context.wrap_socket(raw, server_hostname=name) as tls:
        print('negotiated', tls.version(), tls.cipher()[0])
        tls.sendall(f'GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n'.encode())
        while chunk := tls.recv(4096):
            sys.stdout.write(chunk.decode('utf-8', 'replace'))
