defp strip(opts) do
  compatible_versions = [:tlsv1, :"tlsv1.1", :"tlsv1.2"]
  if Enum.any?(compatible_versions, &(&1 in opts[:versions])), do: opts
end
def connect(host) do
  versions = [:tlsv1, :"tlsv1.1"]
  :ssl.connect(host, 443, versions: versions)
end
