resource "azurerm_storage_account" "example" {
  min_tls_version = "TLS1_0"
}
resource "azurerm_linux_web_app" "w" {
  site_config {
    minimum_tls_version     = 1.1
    scm_minimum_tls_version = "1.0"
  }
}
resource "azurerm_mssql_server" "m" {
  minimum_tls_version = "Disabled"
}
resource "azurerm_postgresql_server" "p" {
  ssl_minimal_tls_version_enforced = "TLSEnforcementDisabled"
}
resource "azurerm_application_gateway" "g" {
  ssl_policy {
    policy_type          = "Custom"
    min_protocol_version = "TLSv1_1"
  }
}
resource "azurerm_application_gateway" "g2" {
  ssl_policy {
    disabled_protocols = ["TLSv1_0"]
  }
  ssl_policy {
    policy_name = "AppGwSslPolicy20170401"
  }
  ssl_policy {
    policy_name = "AppGwSslPolicy20170401S"
  }
}
resource "azurerm_api_management" "a" {
  security {
    enable_backend_ssl30  = true
    enable_frontend_tls10 = true
    enable_frontend_tls11 = false
  }
}
resource "azurerm_cdn_endpoint_custom_domain" "c" {
  cdn_managed_https {
    tls_version = "TLS10"
  }
}
resource "azurerm_eventhub_namespace" "e" {
  minimum_tls_version = "1.0"
}
resource "azurerm_cosmosdb_account" "e" {
  minimal_tls_version = "Tls11"
}
resource "azurerm_iothub" "e" {
  min_tls_version = "1.1"
}
resource "aws_lb_listener" "l" {
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-FS-1-1-2019-08"
}
resource "aws_alb_listener" "l2" {
  ssl_policy = "ELBSecurityPolicy-TLS-1-0-2015-04"
}
resource "aws_lb_listener" "ok" {
  ssl_policy = "ELBSecurityPolicy-FS-1-2-Res-2020-10"
}
resource "aws_cloudfront_distribution" "d" {
  viewer_certificate {
    minimum_protocol_version = "TLSv1.1_2016"
  }
  origin {
    custom_origin_config {
      origin_ssl_protocols = ["SSLv3", "TLSv1.2"]
    }
  }
}
resource "aws_api_gateway_domain_name" "d" {
  security_policy = "TLS_1_0"
}
resource "aws_opensearch_domain" "d" {
  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }
}
resource "aws_lb_ssl_negotiation_policy" "n" {
  attribute {
    name  = "Protocol-TLSv1"
    value = "true"
  }
  attribute {
    name  = "Protocol-TLSv1.2"
    value = "true"
  }
}
resource "aws_db_parameter_group" "g" {
  parameter {
    name  = "tls_version"
    value = "TLSv1,TLSv1.1,TLSv1.2"
  }
  parameter {
    name  = "rds.tls10"
    value = "enabled"
  }
}
resource "aws_transfer_server" "t" {
  security_policy_name = "TransferSecurityPolicy-2018-11"
}
resource "aws_iot_domain_configuration" "i" {
  tls_config {
    security_policy = "IotSecurityPolicy_TLS12_1_0_2016_01"
  }
}
resource "google_compute_ssl_policy" "s" {
  profile         = "MODERN"
  min_tls_version = "TLS_1_1"
}
resource "google_sql_database_instance" "s" {
  settings {
    database_flags {
      name  = "ssl_min_protocol_version"
      value = "TLSv1"
    }
  }
}
resource "cloudflare_zone_settings_override" "c" {
  settings {
    min_tls_version = "1.1"
  }
}
resource "cloudflare_zone_setting" "c2" {
  setting_id = "min_tls_version"
  value      = "1.0"
}
resource "alicloud_slb_tls_cipher_policy" "a" {
  tls_versions = ["TLSv1.0", "TLSv1.2"]
}
resource "alicloud_slb_listener" "a" {
  tls_cipher_policy = "tls_cipher_policy_1_0"
}
resource "ncloud_lb_listener" "n" {
  tls_min_version_type = "TLSV10"
}
resource "oci_load_balancer_listener" "o" {
  ssl_configuration {
    protocols = ["TLSv1.1", "TLSv1.2"]
  }
}
resource "digitalocean_database_cluster" "o" {
  name = "tls-1-0-legacy"
}
resource "azurerm_redis_cache" "r" {
  minimum_tls_version = var.tls
}
variable "min_tls_version" {
  type    = string
  default = "1.2"
  validation {
    condition     = contains(["1.0", "1.1", "1.2"], var.min_tls_version)
    error_message = "one of TLS1_0, TLS1_1, TLS1_2"
  }
}
module "storage" {
  source          = "./storage"
  min_tls_version = "TLS1_1"
}
resource "yandex_lb" "x" {
  tls_options { min_version = "TLS_1_0" }
}
resource "kubernetes_ingress_v1" "k" {
  metadata {
    annotations = {
      "alb.ingress.kubernetes.io/ssl-policy" = "ELBSecurityPolicy-2016-08"
      "nginx.ingress.kubernetes.io/ssl-protocols" = "TLSv1 TLSv1.2"
    }
  }
}
resource "nifcloud_elb" "e" { ssl_policy_name = "Standard Ciphers D ver1" }
resource "scaleway_lb_frontend" "e" { ssl_compatibility_level = "ssl_compatibility_level_old" }
resource "google_container" "x" { tls_min_version = "VersionTLS10" }
