-module(u).
a() -> ssl:connect(H, 443, [{versions, ['tlsv1', 'tlsv1.1']}]).
b() -> ssl:listen(443, [{versions, ['tlsv1.2', 'tlsv1.3']}]).
c() -> httpc:request(get, R, [{ssl, [{versions, [tlsv1]}]}], []).
d() -> application:set_env(ssl, protocol_version, ['tlsv1.1']).
e(tlsv1) -> "1.0"; e('tlsv1.1') -> "1.1".
f() -> io:format("tlsv1 refused~n").
g() -> {protocol_version, sslv3}.
