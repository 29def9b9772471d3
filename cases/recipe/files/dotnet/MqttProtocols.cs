class Broker
{
    public enum Level
    {
        Low = MqttSslProtocols.SSLv3,
        Middle = MqttSslProtocols.TLSv1_0,
    }

    void Open(string host, MqttSslProtocols asked)
    {
        var client = new MqttClient(host, 8883, true, MqttSslProtocols.TLSv1_0, null, null);
        var modern = new MqttClient(host, 8883, true, MqttSslProtocols.TLSv1_2, null, null);
        if (asked == MqttSslProtocols.TLSv1_1) Warn("old");
    }
}
