resource "aws_dx_hosted_connection" "sold" {
  provider         = aws.partner
  connection_id    = var.interconnect
  owner_account_id = var.customer
  name             = "hosted"
  bandwidth        = "500Mbps"
  vlan             = 101
}

resource "aws_dx_connection_confirmation" "bought" {
  connection_id = aws_dx_hosted_connection.sold.id
}
