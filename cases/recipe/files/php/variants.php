<?php
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_SSLv3);
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_0);
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1);
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_DEFAULT);
curl_setopt($ch, CURLOPT_SSLVERSION, 1);
curl_setopt($ch, CURLOPT_SSLVERSION, 2);
curl_setopt($ch, CURLOPT_SSLVERSION, 0);
curl_setopt($ch, CURLOPT_SSLVERSION, 7);
curl_setopt($ch, \CURLOPT_SSLVERSION, \CURL_SSLVERSION_TLSv1_1);
curl_setopt($ch, CURLOPT_TIMEOUT, 3);
curl_setopt_array($ch, [
    CURLOPT_URL => $u,
    CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_1,
    CURLOPT_TIMEOUT => 4,
]);
curl_setopt_array($ch, array(CURLOPT_SSLVERSION => 3));
curl_setopt(option: CURLOPT_SSLVERSION, value: CURL_SSLVERSION_TLSv1_0, handle: $ch);
$client = new \GuzzleHttp\Client(['curl' => [CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_0]]);
$opts[CURLOPT_SSLVERSION] = CURL_SSLVERSION_SSLv2;
stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_SSLv23_CLIENT);
stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_TLS_CLIENT);
stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT | STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT);
stream_socket_enable_crypto($s, true, STREAM_CRYPTO_METHOD_SSLv3_CLIENT);
stream_socket_enable_crypto($s, false);
$ctx = stream_context_create(['ssl' => ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_0_SERVER]]);
$ctx = stream_context_create(['ssl' => ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT]]);
$ctx = stream_context_create(['ssl' => ['min_proto_version' => STREAM_CRYPTO_PROTO_TLSv1_0]]);
$method = STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT;
stream_socket_client('tlsv1.0://h:443');
stream_socket_client("sslv3://h:443");
stream_socket_client('tls://h:443');
stream_socket_client('tlsv1.2://h:443');
$fp = fsockopen('tlsv1.1://h', 443);
$soap = new SoapClient($w, ['ssl_method' => SOAP_SSL_METHOD_TLS]);
$soap = new SoapClient($w, array('ssl_method' => SOAP_SSL_METHOD_SSLv2));
if ($v === CURL_SSLVERSION_TLSv1_0) { echo "TLSv1"; }
if (defined('CURL_SSLVERSION_TLSv1_0')) {}
if ($m & STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT) {}
$map = ['tlsv1.0' => STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT, 'tlsv1.2' => STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT];
// curl_setopt($ch, CURLOPT_SSLVERSION, 3);
# curl_setopt($ch, CURLOPT_SSLVERSION, 3);
$text = 'CURL_SSLVERSION_TLSv1';
exec('curl --tlsv1.0 https://x');
