# An empty LAG, which the provider makes of one with a port, and a port that joins it.
resource "aws_dx_lag" "bundle" {
  name                  = var.bundle
  location              = data.aws_dx_location.here.location_code
  connections_bandwidth = "10Gbps"
  force_destroy         = true

  tags = {
    team = var.team
  }
}

resource "aws_dx_connection" "member" {
  name      = "member"
  location  = data.aws_dx_location.here.location_code
  bandwidth = "10Gbps"
}

resource "aws_dx_connection_association" "member" {
  connection_id = aws_dx_connection.member.id
  lag_id        = aws_dx_lag.bundle.id
}

# A LAG around a port that was there before.
resource "aws_dx_connection" "first" {
  name      = "first"
  location  = data.aws_dx_location.here.location_code
  bandwidth = "100Gbps"
}

resource "aws_dx_lag" "around" {
  name                  = "around"
  location              = data.aws_dx_location.here.location_code
  connections_bandwidth = "100Gbps"
  connection_id         = aws_dx_connection.first.id
  provider_name         = "Zayo Group"
  force_destroy         = true
}
