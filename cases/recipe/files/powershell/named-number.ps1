$protocol = 192
[Net.ServicePointManager]::SecurityProtocol = $protocol
