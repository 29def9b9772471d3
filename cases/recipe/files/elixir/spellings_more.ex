config :app, AppWeb.Endpoint, https: [port: 443, cipher_suite: :strong, versions: [:tlsv1, :"tlsv1.1", :"tlsv1.2"]]
Finch.start_link(pools: %{default: [conn_opts: [transport_opts: [versions: [:"tlsv1.1"]]]]})
def version(:"tlsv1.1"), do: {3, 2}
@versions [:"tlsv1.2", :"tlsv1.3"]
assert {:error, _} = connect(versions: [:"tlsv1.2"])
Logger.warning("tlsv1.1 client")
