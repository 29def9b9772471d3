Const legacy = 192
ServicePointManager.SecurityProtocol = legacy
