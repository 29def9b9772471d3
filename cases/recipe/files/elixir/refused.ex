defmodule Refused do
  @insecure_versions [:sslv3, :tlsv1, :"tlsv1.1"]
  def insecure?(version), do: version in @insecure_versions
  def options, do: [versions: [:"tlsv1.1"]]
end
