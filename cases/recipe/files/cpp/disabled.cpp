credential.grbitDisabledProtocols = SP_PROT_TLS1_2 | SP_PROT_TLS1_3;
credential.grbitDisabledProtocols = SP_PROT_TLS1_0 | SP_PROT_TLS1_1;
{ TLS1_VERSION, "TLSv1" },
