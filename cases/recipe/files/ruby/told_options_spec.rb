expect(configuration.settings).to eq({ ssl_version: :TLSv1 })
RestClient::Request.execute(options.merge(ssl_version: :TLSv1))
