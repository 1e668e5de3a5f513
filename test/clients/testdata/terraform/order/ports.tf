resource "aws_dx_connection" "plain" {
  name      = "plain"
  location  = data.aws_dx_location.here.location_code
  bandwidth = "1Gbps"
}

resource "aws_dx_connection" "secure" {
  name            = "secure"
  location        = data.aws_dx_location.here.location_code
  bandwidth       = "10Gbps"
  provider_name   = "Zayo Group"
  request_macsec  = true
  encryption_mode = var.encryption_mode

  tags = {
    team  = var.team
    empty = ""
  }
}

# A new pair, and on another port the secret that the service has made of it.
resource "aws_dx_macsec_key_association" "pair" {
  connection_id = aws_dx_connection.secure.id
  ckn           = var.ckn
  cak           = var.cak
}

resource "aws_dx_connection" "secure_too" {
  name           = "secure too"
  location       = data.aws_dx_location.here.location_code
  bandwidth      = "10Gbps"
  request_macsec = true
}

resource "aws_dx_macsec_key_association" "secret" {
  connection_id = aws_dx_connection.secure_too.id
  secret_arn    = aws_dx_macsec_key_association.pair.secret_arn
}
