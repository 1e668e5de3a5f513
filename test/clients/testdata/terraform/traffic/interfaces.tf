# On a virtual private gateway, with a second session.
resource "aws_dx_private_virtual_interface" "vgw" {
  connection_id    = var.port
  name             = "on a virtual private gateway"
  vlan             = 101
  address_family   = "ipv4"
  bgp_asn          = 65001
  bgp_auth_key     = "a-key-of-ours"
  amazon_address   = "192.168.7.1/30"
  customer_address = "192.168.7.2/30"
  vpn_gateway_id   = var.vgw
  mtu              = var.jumbo ? 9001 : 1500

  tags = {
    team = var.team
  }
}

resource "aws_dx_bgp_peer" "second" {
  virtual_interface_id = aws_dx_private_virtual_interface.vgw.id
  address_family       = "ipv6"
  bgp_asn              = 65001
}

# On Direct Connect gateways, with addresses and keys that the service assigns.
resource "aws_dx_private_virtual_interface" "gateway" {
  connection_id    = var.port
  name             = "on a gateway"
  vlan             = 102
  address_family   = "ipv4"
  bgp_asn          = 65002
  dx_gateway_id    = aws_dx_gateway.private.id
  sitelink_enabled = var.sitelink
  mtu              = var.jumbo ? 9001 : 1500
}

resource "aws_dx_transit_virtual_interface" "transit" {
  connection_id    = var.port
  name             = "transit"
  vlan             = 103
  address_family   = "ipv4"
  bgp_asn          = 65003
  dx_gateway_id    = aws_dx_gateway.transit.id
  sitelink_enabled = var.sitelink
  mtu              = var.jumbo ? 8500 : 1500
}

resource "aws_dx_public_virtual_interface" "public" {
  connection_id         = var.port
  name                  = "public"
  vlan                  = 104
  address_family        = "ipv4"
  bgp_asn               = 65004
  amazon_address        = "203.0.113.1/30"
  customer_address      = "203.0.113.2/30"
  route_filter_prefixes = ["198.51.100.0/24", "192.0.2.0/24"]

  tags = {
    team = var.team
  }
}

data "aws_dx_router_configuration" "found" {
  virtual_interface_id   = aws_dx_private_virtual_interface.vgw.id
  router_type_identifier = "CiscoSystemsInc-2900SeriesRouters-IOS124"

  lifecycle {
    postcondition {
      condition     = self.router[0].vendor == "Cisco Systems, Inc." && strcontains(self.customer_router_config, "192.168.7.2")
      error_message = "The configuration is not of this router and interface."
    }
  }
}
