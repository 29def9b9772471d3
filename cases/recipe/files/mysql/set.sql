SET GLOBAL tls_version = 'TLSv1,TLSv1.1';
SET PERSIST tls_version = 'TLSv1.2';
ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1';
INSERT INTO notes VALUES ('TLSv1');
-- SET GLOBAL tls_version = 'TLSv1';
