<?php
// usage: client.php HOST PORT NAME CA-FILE VARIANT PATH
[, $host, $port, $name, $ca, $variant, $path] = $argv;
$ssl = ['cafile' => $ca, 'peer_name' => $name, 'SNI_enabled' => true];
$methods = [
  'tls1.0' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT,
  'tls1.1' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT | STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT,
  'tls1.2' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT,
];
if (isset($methods[$variant])) $ssl += ['crypto_method' => $methods[$variant], 'security_level' => 0];
$context = stream_context_create(['ssl' => $ssl]);
$stream = stream_socket_client("ssl://$host:$port", $code, $message, 15, STREAM_CLIENT_CONNECT, $context);
if (!$stream) { fwrite(STDERR, "$code $message\n"); exit(1); }
fwrite($stream, "GET $path HTTP/1.1\r\nHost: $name\r\nConnection: close\r\n\r\n");
echo stream_get_contents($stream);
