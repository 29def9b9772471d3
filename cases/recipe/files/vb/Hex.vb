ServicePointManager.SecurityProtocol = CType(&HC0, SecurityProtocolType)
ServicePointManager.SecurityProtocol = CType(&HC0 Or &H300, SecurityProtocolType)
ServicePointManager.SecurityProtocol = CType(&HC00, SecurityProtocolType)
Dim text = "SecurityProtocol" &Hash
