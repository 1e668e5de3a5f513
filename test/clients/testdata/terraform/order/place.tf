data "aws_dx_locations" "all" {}

data "aws_dx_location" "here" {
  location_code = "EqDC2"

  lifecycle {
    postcondition {
      condition     = contains(data.aws_dx_locations.all.location_codes, self.location_code)
      error_message = "The location is not in the list of all."
    }
    postcondition {
      condition     = contains(self.available_port_speeds, "10G") && contains(self.available_macsec_port_speeds, "10G")
      error_message = "The location does not offer 10G with MACsec."
    }
  }
}

# A connection found by its name, which is what this data source is for.
data "aws_dx_connection" "found" {
  name       = aws_dx_connection.plain.name
  depends_on = [aws_dx_connection.plain]

  lifecycle {
    postcondition {
      condition     = self.id == aws_dx_connection.plain.id && self.bandwidth == "1Gbps" && self.owner_account_id == var.customer
      error_message = "Another connection was found."
    }
  }
}
