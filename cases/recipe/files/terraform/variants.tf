resource "azurerm_storage_account" "a" {
  name            = "x"
  min_tls_version = "TLS1_0"
}
resource "azurerm_storage_account" "b" {
  min_tls_version = "TLS1_2"
  account_kind    = "StorageV2"
}
resource "azurerm_app_service" "c" {
  site_config {
    min_tls_version = "1.1"
    http2_enabled   = true
  }
}
resource "azurerm_windows_function_app" "d" {
  site_config {
    minimum_tls_version     = 1.0
    scm_minimum_tls_version = "1.1"
  }
}
resource "azurerm_mssql_server" "e" {
  version             = "12.0"
  minimum_tls_version = "1.2"
}
resource "azurerm_mssql_managed_instance" "e2" {
  minimum_tls_version = "1.0"
}
resource "azurerm_mysql_server" "f" {
  ssl_enforcement_enabled          = true
  ssl_minimal_tls_version_enforced = "TLSEnforcementDisabled"
}
resource "azurerm_postgresql_server" "g" {
  ssl_minimal_tls_version_enforced = "TLS1_1"
}
resource "azurerm_postgresql_server" "g2" {
  ssl_minimal_tls_version_enforced = "TLS1_2"
}
resource "azurerm_mysql_flexible_server_configuration" "h" {
  name  = "tls_version"
  value = "TLSv1,TLSv1.1,TLSv1.2"
}
resource "azurerm_postgresql_flexible_server_configuration" "h2" {
  name  = "ssl_min_protocol_version"
  value = "TLSv1.2"
}
resource "azurerm_cosmosdb_account" "i" {
  minimal_tls_version = "Tls"
}
resource "azurerm_cosmosdb_account" "i2" {
  minimal_tls_version = "Tls12"
}
resource "azurerm_application_gateway" "j" {
  ssl_policy {
    policy_type          = "Custom"
    min_protocol_version = "TLSv1_1"
    disabled_protocols   = ["TLSv1_0"]
  }
}
resource "azurerm_application_gateway" "j2" {
  ssl_policy {
    policy_type = "Predefined"
    policy_name = "AppGwSslPolicy20170401"
  }
}
resource "azurerm_application_gateway" "j3" {
  ssl_policy {
    policy_name = "AppGwSslPolicy20220101S"
  }
}
resource "azurerm_api_management" "k" {
  security {
    enable_backend_tls10  = true
    enable_frontend_tls11 = true
    enable_frontend_ssl30 = false
    backend_tls10_enabled = true
    frontend_tls11_enabled = false
  }
}
resource "azurerm_cdn_endpoint_custom_domain" "l" {
  user_managed_https { tls_version = "TLS10" }
}
resource "azurerm_cdn_frontdoor_custom_domain" "l2" {
  tls { minimum_tls_version = "TLS10" }
}
resource "azurerm_hdinsight_hadoop_cluster" "m" {
  tls_min_version = "1.0"
}
resource "azurerm_iothub" "n" {
  min_tls_version = "1.2"
}
resource "aws_lb_listener" "o" {
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-2016-08"
}
resource "aws_alb_listener" "o1" {
  port       = "443"
  protocol   = "TLS"
  ssl_policy = "ELBSecurityPolicy-TLS-1-1-2017-01"
}
resource "aws_lb_listener" "o2" {
  ssl_policy = "ELBSecurityPolicy-FS-1-2-Res-2020-10"
}
resource "aws_lb_listener" "o3" {
  ssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"
}
resource "aws_lb_listener" "o4" {
  protocol = "HTTP"
}
resource "aws_load_balancer_policy" "p" {
  policy_type_name = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Protocol-TLSv1"
    value = "true"
  }
  policy_attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }
  policy_attribute {
    name  = "Protocol-TLSv1.1"
    value = "false"
  }
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-0-2015-04"
  }
}
resource "aws_cloudfront_distribution" "q" {
  origin {
    custom_origin_config {
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"]
    }
  }
  default_cache_behavior {
    viewer_protocol_policy = "redirect-to-https"
  }
  viewer_certificate {
    minimum_protocol_version = "TLSv1"
    ssl_support_method       = "sni-only"
  }
}
resource "aws_cloudfront_distribution" "q2" {
  viewer_certificate {
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1.2_2021"
  }
}
resource "aws_cloudfront_distribution" "q3" {
  viewer_certificate {
    minimum_protocol_version = "TLSv1.0"
  }
}
resource "aws_api_gateway_domain_name" "r" {
  security_policy = "TLS_1_0"
}
resource "aws_apigatewayv2_domain_name" "r2" {
  domain_name_configuration {
    security_policy = "TLS_1_2"
  }
}
resource "aws_elasticsearch_domain" "s" {
  elasticsearch_version = "7.10"
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}
resource "aws_opensearch_domain" "s2" {
  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-2019-07"
  }
}
resource "aws_cloudsearch_domain" "s3" {
  endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}
resource "aws_iot_domain_configuration" "t" {
  tls_config {
    security_policy = "IoTSecurityPolicy_TLS12_1_0_2016_01"
  }
}
resource "aws_db_parameter_group" "u" {
  family = "mysql5.7"
  parameter {
    name  = "tls_version"
    value = "TLSv1,TLSv1.1"
  }
  parameter {
    name  = "rds.tls10"
    value = "enabled"
  }
}
resource "google_compute_ssl_policy" "v" {
  profile         = "MODERN"
  min_tls_version = "TLS_1_1"
}
resource "google_compute_ssl_policy" "v2" {
  min_tls_version = "TLS_1_2"
}
resource "google_sql_database_instance" "w" {
  settings {
    database_flags {
      name  = "tls_version"
      value = "TLSv1.2"
    }
  }
}
resource "cloudflare_zone_setting" "x" {
  setting_id = "min_tls_version"
  value      = "1.0"
}
resource "cloudflare_custom_hostname" "x2" {
  ssl {
    method = "http"
    settings { min_tls_version = "1.1" }
  }
}
resource "cloudflare_zone_settings_override" "x3" {
  settings {
    min_tls_version = "1.2"
    tls_1_3         = "on"
    http3           = "on"
  }
}
resource "alicloud_slb_tls_cipher_policy" "y" {
  tls_versions = ["TLSv1.1", "TLSv1.2"]
  ciphers      = ["AES256-SHA256"]
}
resource "alicloud_slb_listener" "y2" {
  tls_cipher_policy = "tls_cipher_policy_1_0"
}
resource "alicloud_slb_listener" "y3" {
  tls_cipher_policy = "tls_cipher_policy_1_2"
}
resource "ncloud_lb_listener" "z" {
  tls_min_version_type = "TLSV10"
}
resource "oci_load_balancer_listener" "z2" {
  ssl_configuration {
    protocols = ["TLSv1.1", "TLSv1.2"]
  }
}
resource "huaweicloud_elb_listener" "z3" {
  tls_ciphers_policy = "tls-1-0"
}
resource "null_resource" "n" {
  triggers = { note = "TLSv1" }
  provisioner "local-exec" {
    command = "curl --tlsv1.0 https://x"
  }
}
resource "aws_instance" "ud" {
  user_data = <<EOF
#!/bin/bash
echo "ssl_protocols TLSv1 TLSv1.2;" > /etc/nginx/conf.d/tls.conf
curl --tlsv1.1 https://x
EOF
}
variable "tls_policy" {
  type        = string
  description = "e.g. ELBSecurityPolicy-2016-08"
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
}
variable "engine_version" { default = "1.0" }
locals { terraform_version = "1.1" }
# min_tls_version = "TLS1_0"
/* min_tls_version = "TLS1_0" */
// min_tls_version = "TLS1_0"
