mosquitto_tls_opts_set(client, 1, "tlsv1", NULL);
mosquitto_tls_opts_set(client, 1, "tlsv1.2", NULL);
if (!strcmp(tls_options, "tlsv1")) refuse();
