package console

import "testing"

// A refusal is said at the field that it is about, in the words of the form.
func TestRefusalsFindTheirField(t *testing.T) {
	t.Parallel()
	f := form{ID: "interface", Fields: []field{
		textField("name", "Name", ""), numberField("vlan", "VLAN", "", 1, 4094), numberField("asn", "Your ASN", "", 1, 0), textField("amazon", "Address of the other side", ""),
		textField("customer", "Your address", ""), selectField("gateway", "Direct Connect gateway", "", nil), textField("vgw", "Virtual private gateway", ""),
		numberField("pool4", "IPv4 prefixes accepted at most", "", 0, 0),
	}}
	for refusal, want := range map[string]struct{ field, text string }{
		"virtualInterfaceName is required.":                                     {"name", "Name is required."},
		"VLAN 101 is already in use on dxcon-ffabc123":                          {"vlan", "VLAN 101 is already in use on dxcon-ffabc123"},
		"Specify asn or asnLong.":                                               {"asn", "Specify Your ASN."},
		"ASN 0 is not valid. Valid values of asnLong are 1 to 4294967294.":      {"asn", "ASN 0 is not valid. Valid values of Your ASN are 1 to 4294967294."},
		"Amazon Address and Customer Address must be in the same CIDR":          {"amazon", "Address of the other side and Your address must be in the same CIDR"},
		"Specify exactly one of virtualGatewayId and directConnectGatewayId.":   {"vgw", "Specify exactly one of Virtual private gateway and Direct Connect gateway."},
		`IPv4 prefixes: "many" is not a number.`:                                {"pool4", `IPv4 prefixes: "many" is not a number.`},
		"testDurationInMinutes 9999 is not valid.":                              {"", "Length in minutes 9999 is not valid."},
		"Virtual Interface dxvif-ffabc123 is in state down: it is not to be.":   {"", "Virtual Interface dxvif-ffabc123 is in state down: it is not to be."},
		"Connection dxcon-vlan12345 is in state deleted and cannot be changed.": {"", "Connection dxcon-vlan12345 is in state deleted and cannot be changed."},
	} {
		if got := f.about(refusal); got != want.field {
			t.Errorf("%q is about %q, not %q", refusal, got, want.field)
		}
		if got := f.inWords(refusal); got != want.text {
			t.Errorf("%q reads %q, not %q", refusal, got, want.text)
		}
	}
}
