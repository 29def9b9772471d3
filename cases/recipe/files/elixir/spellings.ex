:ssl.connect(host, 443, versions: [:"tlsv1.1", :tlsv1])
:ssl.connect(host, 443, versions: [:"tlsv1.2"])
HTTPoison.get(u, [], ssl: [versions: [:tlsv1]])
config :app, Endpoint, https: [versions: [:"tlsv1.1", :"tlsv1.2"]]
IO.puts "tlsv1"
Req.get!(u, connect_options: [transport_opts: [versions: [:"tlsv1"]]])
def name(:tlsv1), do: "TLS 1.0"
