# What runs over a port: virtual interfaces of each kind, on ports of one's own and on another account's; gateways, and what
# is behind them. Virtual private gateways and transit gateways are EC2's, which is not there: their IDs are given.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "endpoint" { type = string }
variable "secret_key" {
  type      = string
  sensitive = true
}
variable "customer" { type = string }
variable "partner" { type = string }
variable "port" { type = string }   # of the customer
variable "shared" { type = string } # of the partner

variable "vgw" { type = string }       # of the customer: an interface ends on it
variable "first_vgw" { type = string } # of the customer: associated with a gateway
variable "tgw" { type = string }
variable "proposed_vgw" { type = string } # of the partner

variable "team" { type = string } # a tag
variable "jumbo" { type = bool }
variable "sitelink" { type = bool }
variable "allowed" { type = set(string) }

provider "aws" {
  region                      = "us-east-1"
  access_key                  = var.customer
  secret_key                  = var.secret_key
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints { directconnect = var.endpoint }
}

provider "aws" {
  alias                       = "partner"
  region                      = "us-east-1"
  access_key                  = var.partner
  secret_key                  = var.secret_key
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints { directconnect = var.endpoint }
}
