-module(matched).
proto(Socket) ->
    case ssl:connection_information(Socket, [protocol]) of
        {ok, [{protocol, 'tlsv1.1'}]} -> old;
        _ -> new
    end.
told(#{version := tlsv1}) -> refuse.
open(Host) -> ssl:connect(Host, 443, [{versions, ['tlsv1.1']}]).
