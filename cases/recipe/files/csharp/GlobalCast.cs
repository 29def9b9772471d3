// A type by its whole name in a cast.
ServicePointManager.SecurityProtocol = (global::System.Net.SecurityProtocolType)192;
