// The name of a method is not the name of a version.
const mail = { method: 'POST', secureProtocol: 'TLSv1_method' }
const other = { method: 'PUT', minVersion: 'TLSv1' }
expect(build('old')).toEqual({ minVersion: 'TLSv1', port: 443 })
expect(connect).toHaveBeenCalledWith(443, { maxVersion: 'TLSv1.1' })
