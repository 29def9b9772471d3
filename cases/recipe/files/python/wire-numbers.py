NAMES = {
    "769": TLSVersion.TLSv1,
    "770": TLSVersion.TLSv1_1,
}
self.eq(context.minimum_version, ssl.TLSVersion.TLSv1)
print("MinProtocol = TLSv1.0")
context.maximum_version = ssl.TLSVersion.TLSv1_1
