ServicePointManager.SecurityProtocol <- enum 192
