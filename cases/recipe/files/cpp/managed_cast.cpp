// The managed types in casts of C++.
auto pinned = (System::Net::SecurityProtocolType)192;
ServicePointManager::SecurityProtocol = static_cast<System::Net::SecurityProtocolType>(768);
auto now = (System::Net::SecurityProtocolType)3072;
