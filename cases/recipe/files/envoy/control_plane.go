package plane

func parameters(asked string) *tlsv3.TlsParameters {
	switch asked {
	case "1.0":
		return &tlsv3.TlsParameters{TlsMinimumProtocolVersion: tlsv3.TlsParameters_TLSv1_0}
	}
	return &tlsv3.TlsParameters{
		TlsMinimumProtocolVersion: tlsv3.TlsParameters_TLSv1_1,
		TlsMaximumProtocolVersion: tlsv3.TlsParameters_TLSv1_3,
	}
}
