-module(v).
f() -> ssl:connect("h", 443, [{versions, ['tlsv1']}]).
g() -> ssl:connect("h", 443, [{versions, [tlsv1, 'tlsv1.1', 'tlsv1.2']}]).
h() -> ssl:listen(443, [{versions, ['tlsv1.2', 'tlsv1.3']}, {certfile, "x"}]).
i() -> ssl:listen(443, [{protocol, tls}, {versions, [sslv3]}]).
j() -> hackney:get(U, [], <<>>, [{ssl_options, [{versions, ['tlsv1.1']}]}]).
%% ssl:connect("h", 443, [{versions, ['tlsv1']}]).
k(tlsv1) -> "1.0";
k('tlsv1.1') -> "1.1".
l() -> io:format("tlsv1 ~p", ['tlsv1']).
