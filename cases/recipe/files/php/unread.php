<?php
$unused = STREAM_CRYPTO_METHOD_TLSv1_0_CLIENT;
curl_setopt($ch, option(), CURL_SSLVERSION_SSLv3);
curl_setopt($ch, value: CURL_SSLVERSION_TLSv1_1);
curl_setopt($ch, value: CURL_SSLVERSION_TLSv1_1, option: CURLOPT_SSLVERSION);
curl_setopt($ch, $option, CURL_SSLVERSION_TLSv1_0);
return in_array($version, [CURL_SSLVERSION_SSLv3, CURL_SSLVERSION_TLSv1_0]);
function options() {
  $options['ssl']['crypto_method'] = STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT | STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT;
  $options['ssl']['crypto_method'] ??= STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT;
}
function defaults($options) {
  $options['ssl']['crypto_method'] ??= STREAM_CRYPTO_METHOD_TLSv1_1_CLIENT;
}
