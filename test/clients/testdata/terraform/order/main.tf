# Two accounts at one location: a customer who orders ports, and a partner who hosts a connection for it. What stands here
# once is what a network engineer would write; the variables let the test change it and order again.

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
variable "interconnect" { type = string } # Terraform has no resource for one

variable "team" { type = string }            # a tag
variable "bundle" { type = string }          # the name of a LAG
variable "encryption_mode" { type = string } # of the port with a key

variable "ckn" {
  type      = string
  sensitive = true
}
variable "cak" {
  type      = string
  sensitive = true
}

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
