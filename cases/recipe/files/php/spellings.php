<?php
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1);
curl_setopt($ch, CURLOPT_SSLVERSION, 3);
curl_setopt($ch, CURLOPT_SSLVERSION, 6);
curl_setopt_array($ch, [CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_0]);
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
$ctx = stream_context_create(['ssl' => ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT]]);
stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_SSLv3_CLIENT);
stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT);
$c = new SoapClient($w, ['ssl_method' => SOAP_SSL_METHOD_SSLv3]);
fsockopen('tlsv1.0://host', 443);
stream_socket_client('sslv3://host:443');
stream_socket_client('tls://host:443');
stream_context_set_option($ctx, 'ssl', 'crypto_method', STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT);
$client = new GuzzleHttp\Client(['curl' => [CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_1]]);
$client = new Client(['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]);
if ($v === CURL_SSLVERSION_TLSv1) {}
define('MY_SSL', CURL_SSLVERSION_TLSv1_0);
$mail->SMTPOptions = ['ssl' => ['crypto_method' => STREAM_CRYPTO_METHOD_ANY_CLIENT]];
ldap_set_option($l, LDAP_OPT_X_TLS_PROTOCOL_MIN, LDAP_OPT_X_TLS_PROTOCOL_TLS1_0);
$pdo = new PDO('mysql:host=x', 'u', 'p', [PDO::MYSQL_ATTR_SSL_CA => 'x']);
