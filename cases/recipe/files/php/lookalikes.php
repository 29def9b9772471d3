<?php
// curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1);
const NAMES = [CURL_SSLVERSION_TLSv1_0 => 'TLSv1', CURL_SSLVERSION_TLSv1_2 => 'TLSv1.2'];
if ($m & STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT) { throw new Exception('TLSv1'); }
curl_setopt($ch, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_3);
echo "TLSv1 is off";
$m &= ~STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT;
$this->assertSame(CURL_SSLVERSION_TLSv1_0, $opts[CURLOPT_SSLVERSION]);
stream_socket_client('tls://h:443');
fsockopen('ssl://h', 443);
$x = ['tls_version' => '1.2', 'http_version' => '1.1'];
defined('CURL_SSLVERSION_TLSv1_0');
