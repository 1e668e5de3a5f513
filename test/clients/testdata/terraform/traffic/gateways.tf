resource "aws_dx_gateway" "private" {
  name            = "private"
  amazon_side_asn = "64601"
}

resource "aws_dx_gateway" "transit" {
  name            = "transit"
  amazon_side_asn = "64602"
}

resource "aws_dx_gateway_association" "vgw" {
  dx_gateway_id         = aws_dx_gateway.private.id
  associated_gateway_id = var.first_vgw
}

resource "aws_dx_gateway_association" "tgw" {
  dx_gateway_id         = aws_dx_gateway.transit.id
  associated_gateway_id = var.tgw
  allowed_prefixes      = var.allowed
}

# The partner proposes, the customer accepts with prefixes of its own.
resource "aws_dx_gateway_association_proposal" "proposed" {
  provider                    = aws.partner
  dx_gateway_id               = aws_dx_gateway.private.id
  dx_gateway_owner_account_id = var.customer
  associated_gateway_id       = var.proposed_vgw
  allowed_prefixes            = ["172.16.0.0/12"]

  lifecycle {
    ignore_changes = [allowed_prefixes] # the proposal shows what it was accepted with
  }
}

resource "aws_dx_gateway_association" "accepted" {
  proposal_id                         = aws_dx_gateway_association_proposal.proposed.id
  dx_gateway_id                       = aws_dx_gateway.private.id
  associated_gateway_owner_account_id = var.partner
  allowed_prefixes                    = ["172.16.0.0/13"]
}

data "aws_dx_gateway" "found" {
  name = aws_dx_gateway.transit.name

  lifecycle {
    postcondition {
      condition     = self.id == aws_dx_gateway.transit.id && self.amazon_side_asn == "64602" && self.owner_account_id == var.customer
      error_message = "Another gateway was found."
    }
  }
}
