# What was ordered by other means comes under Terraform.

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
variable "connection" { type = string }
variable "lag" { type = string }
variable "gateway" { type = string }
variable "gateway_name" { type = string }
variable "interface" { type = string }
variable "vgw" { type = string }

provider "aws" {
  region                      = "us-east-1"
  access_key                  = var.customer
  secret_key                  = var.secret_key
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints { directconnect = var.endpoint }
}

import {
  to = aws_dx_connection.adopted
  id = var.connection
}

resource "aws_dx_connection" "adopted" {
  name          = "adopted"
  location      = "EqDC2"
  bandwidth     = "10Gbps"
  provider_name = "Zayo Group"

  tags = {
    from = "the SDK"
  }
}

import {
  to = aws_dx_lag.adopted
  id = var.lag
}

resource "aws_dx_lag" "adopted" {
  name                  = "adopted"
  location              = "EqDC2"
  connections_bandwidth = "10Gbps"
  force_destroy         = true

  tags = {
    from = "the SDK"
  }
}

import {
  to = aws_dx_gateway.adopted
  id = var.gateway
}

resource "aws_dx_gateway" "adopted" {
  name            = var.gateway_name
  amazon_side_asn = "64620"
}

import {
  to = aws_dx_private_virtual_interface.adopted
  id = var.interface
}

resource "aws_dx_private_virtual_interface" "adopted" {
  connection_id  = aws_dx_connection.adopted.id
  name           = "adopted"
  vlan           = 101
  address_family = "ipv4"
  bgp_asn        = 65000
  vpn_gateway_id = var.vgw
  mtu            = 9001

  tags = {
    from = "the SDK"
  }
}
