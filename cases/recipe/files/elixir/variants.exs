:ssl.connect(~c"h", 443, versions: [:tlsv1])
:ssl.connect(~c"h", 443, versions: [:"tlsv1.1", :"tlsv1.2"])
:ssl.connect(~c"h", 443, versions: [:"tlsv1.2"])
:ssl.connect(~c"h", 443, [{:versions, [:tlsv1]}])
HTTPoison.get(u, [], ssl: [versions: [:"tlsv1.1"]])
HTTPoison.get(u, [], ssl: [versions: [:"tlsv1.2"]])
config :app, App.Endpoint, https: [port: 443, versions: [:tlsv1, :"tlsv1.2"]]
config :app, App.Repo, ssl: true, ssl_opts: [versions: [:"tlsv1.2"]]
# versions: [:tlsv1]
if version == :tlsv1, do: IO.puts("tlsv1")
case version do
  :tlsv1 -> "1.0"
  :"tlsv1.1" -> "1.1"
end
