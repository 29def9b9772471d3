resource "azurerm_cdn_endpoint_custom_domain" "c" {
  cdn_managed_https { tls_version = "None" }
  user_managed_https { tls_version = "TLS12" }
}
