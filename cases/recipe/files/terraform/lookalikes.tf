variable "min_tls" {
  description = "one of TLS1_0, TLS1_1, TLS1_2"
  default     = "TLS1_2"
}
locals { allowed = ["1.0", "1.1", "1.2"] }
resource "aws_lb_listener" "a" {
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
}
resource "x" "y" {
  http_version = "1.1"
  tls_version  = "1.2"
  tags = { note = "TLSv1 is off", tls = "1.0-retired" }
  version = "1.0"
}
output "tls" { value = "TLS1_0" }
resource "azurerm_policy" "p" {
  policy_rule = "notEquals TLS1_2"
  allowed_tls_versions_description = "TLS1_0"
}
terraform { required_version = ">= 1.0" }
provider "tls" { version = "1.1" }
resource "azurerm_application_gateway" "g" { ssl_policy { disabled_protocols = ["TLSv1_0", "TLSv1_1"] } }
