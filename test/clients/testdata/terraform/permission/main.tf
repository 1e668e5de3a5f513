# A provider as one writes it for AWS: no skip flags and no endpoints. The environment says where the services are and which
# key is used; the role is assumed with it.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "role" {
  type = string
}

provider "aws" {
  region = "us-east-1"

  assume_role {
    role_arn     = var.role
    session_name = "terraform"
  }
}

data "aws_caller_identity" "me" {}

resource "aws_dx_gateway" "hub" {
  name            = "hub"
  amazon_side_asn = "64512"
}

resource "aws_dx_connection" "one" {
  name      = "one"
  location  = "EqDC2"
  bandwidth = "1Gbps"

  tags = {
    team = "net"
  }
}

output "arn" {
  value = data.aws_caller_identity.me.arn
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}

output "connection" {
  value = aws_dx_connection.one.arn
}
