<?php
$opts = [CURLOPT_TIMEOUT => 5, CURLOPT_SSLVERSION => 4, CURLOPT_CUSTOMREQUEST => 'GET'];
//curl_setopt($ch, CURLOPT_SSLVERSION,1);
curl_setopt($ch,CURLOPT_SSLVERSION,1);
define('SWOOLE_SSLv3_METHOD', SWOOLE_SSLv3_METHOD);
curl_setopt($oCurl, CURLOPT_SSLVERSION, $this->soapprotocol);
new Swift_SmtpTransport('h', 587, 'tlsv1');
