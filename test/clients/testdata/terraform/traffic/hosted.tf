# Interfaces on the partner's port, ordered by the partner and accepted by the customer.
resource "aws_dx_hosted_private_virtual_interface" "sold" {
  provider         = aws.partner
  connection_id    = var.shared
  owner_account_id = var.customer
  name             = "private for another"
  vlan             = 201
  address_family   = "ipv4"
  bgp_asn          = 65010
  mtu              = 9001
}

resource "aws_dx_hosted_private_virtual_interface_accepter" "bought" {
  virtual_interface_id = aws_dx_hosted_private_virtual_interface.sold.id
  vpn_gateway_id       = var.vgw

  tags = {
    team = var.team
  }
}

resource "aws_dx_hosted_transit_virtual_interface" "sold" {
  provider         = aws.partner
  connection_id    = var.shared
  owner_account_id = var.customer
  name             = "transit for another"
  vlan             = 202
  address_family   = "ipv4"
  bgp_asn          = 65010
}

resource "aws_dx_hosted_transit_virtual_interface_accepter" "bought" {
  virtual_interface_id = aws_dx_hosted_transit_virtual_interface.sold.id
  dx_gateway_id        = aws_dx_gateway.transit.id

  tags = {
    team = var.team
  }
}

resource "aws_dx_hosted_public_virtual_interface" "sold" {
  provider              = aws.partner
  connection_id         = var.shared
  owner_account_id      = var.customer
  name                  = "public for another"
  vlan                  = 203
  address_family        = "ipv4"
  bgp_asn               = 65010
  amazon_address        = "203.0.113.5/30"
  customer_address      = "203.0.113.6/30"
  route_filter_prefixes = ["198.51.100.0/24"]
}

resource "aws_dx_hosted_public_virtual_interface_accepter" "bought" {
  virtual_interface_id = aws_dx_hosted_public_virtual_interface.sold.id

  tags = {
    team = var.team
  }
}
