#include <schannel.h>
void configure(SCHANNEL_CRED& cred, int asked) {
    if (asked == TLS_VERSION_1_1) cred.grbitEnabledProtocols = SP_PROT_TLS1_1_CLIENT;
    cred.grbitEnabledProtocols = SP_PROT_TLS1_1_CLIENT;
}
