package conformance

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"
)

// TestAddressTexts: the four recorded refusals of a public interface's addresses, and their mirrors.
func TestAddressTexts(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	w.unchanged(t, func() {
		for _, c := range []struct{ amazon, customer, text string }{
			{"10.0.0.1/30", "198.51.100.2/30", "Amazon Address is not allowed to contain a private IP"},
			{"198.51.100.1/30", "192.168.0.2/30", "Customer Address is not allowed to contain a private IP"},
			{"169.254.0.1/30", "169.254.0.2/30", "Amazon Address is not allowed to contain a private IP"},
			{"198.51.100.1/30", "198.51.100.6/30", "Amazon Address and Customer Address must be in the same CIDR"},
			{"198.51.100.1/30", "198.51.100.2/29", "Amazon Address and Customer Address must be in the same CIDR"},
			{"198.51.100.0/30", "198.51.100.2/30", "Amazon Address is address 0 on its subnet."},
			{"198.51.100.1/30", "198.51.100.0/30", "Customer Address is address 0 on its subnet."},
			{"198.51.100.3/30", "198.51.100.2/30", "Amazon Address is the broadcast address on its subnet."},
			{"198.51.100.1/30", "198.51.100.3/30", "Customer Address is the broadcast address on its subnet."},
			{"198.51.100.1/30", "198.51.100.1/30", "Amazon Address and Customer Address must be different."},
			{"198.51.100.1", "198.51.100.2/30", "Amazon Address 198.51.100.1 is not a valid IPv4 address in CIDR notation."},
			{"198.51.100.1/30", "2001:db8::1/125", "Customer Address 2001:db8::1/125 is not a valid IPv4 address in CIDR notation."},
			{"198.51.100.1/32", "198.51.100.1/32", "Amazon Address 198.51.100.1/32 is not valid: its mask must be /8 to /31."},
			{"198.51.100.1/7", "198.51.100.2/7", "Amazon Address 198.51.100.1/7 is not valid: its mask must be /8 to /31."},
			{"224.0.0.1/30", "224.0.0.2/30", "Amazon Address 224.0.0.1/30 is not a unicast address."},
			{"198.51.100.1/30", "", "amazonAddress and customerAddress must be specified together."},
			{"", "198.51.100.1/30", "amazonAddress and customerAddress must be specified together."},
			{"", "", "amazonAddress and customerAddress are required for an IPv4 public virtual interface."},
		} {
			refused(a.askPublic(t, port, 1, func(n *public) {
				n.AmazonAddress, n.CustomerAddress = &c.amazon, &c.customer
				if c.amazon == "" {
					n.AmazonAddress = nil
				}
				if c.customer == "" {
					n.CustomerAddress = nil
				}
			}))(t, client, c.text)
		}
		refused(a.askPrivate(t, port, 1, func(n *private) {
			n.AddressFamily, n.AmazonAddress, n.CustomerAddress = types.AddressFamilyIPv6, str("2001:db8::1/125"), str("2001:db8::6/125")
		}))(t, client, "IPv6 addresses are assigned automatically and cannot be specified.")
	})
}

// TestAddressConflicts: no two sessions of one connection overlap, on one interface or on two; on another connection they may.
func TestAddressConflicts(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port, other := a.port(t, "10Gbps"), a.port(t, "10Gbps")
	given := func(amazon, customer string) func(*private) {
		return func(n *private) { n.AmazonAddress, n.CustomerAddress = &amazon, &customer }
	}
	id := a.private(t, port, 1, given("10.0.0.1/30", "10.0.0.2/30"))
	taken := "conflicts with an address of Virtual Interface " + id + "."
	w.unchanged(t, func() {
		refused(a.askPrivate(t, port, 2, given("10.0.0.1/30", "10.0.0.2/30")))(t, client, "IP address 10.0.0.1/30 "+taken)
		refused(a.askPrivate(t, port, 2, given("10.0.0.200/24", "10.0.0.201/24")))(t, client, "IP address 10.0.0.200/24 "+taken)
		refused(a.askPrivate(t, port, 2, given("10.0.0.2/31", "10.0.0.3/31")))(t, client, "IP address 10.0.0.2/31 "+taken)
		refused(a.createPeer(t, id, "ipv4", 65000, func(n *types.NewBGPPeer) { n.AmazonAddress, n.CustomerAddress = str("10.0.0.2/30"), str("10.0.0.1/30") }))(
			t, client, "IP address 10.0.0.2/30 "+taken)
	})
	a.private(t, port, 2, given("10.0.0.5/30", "10.0.0.6/30"))
	twin := a.private(t, other, 1, given("10.0.0.1/30", "10.0.0.2/30"))
	refused(a.associateVIF(t, twin, port))(t, client, "VLAN 1 is already in use on "+port)
	a.deleteVIF(t, twin)
	w.turn(byHand.Release)
	elsewhere := a.private(t, other, 3, given("10.0.0.1/30", "10.0.0.2/30"))
	refused(a.associateVIF(t, elsewhere, port))(t, client, "IP address 10.0.0.1/30 "+taken)
}

// TestAssignedAddresses: link-local /30 subnets, the provider's end first, no two alike on a connection.
func TestAssignedAddresses(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	port := a.port(t, "10Gbps")
	space := netip.MustParsePrefix("169.254.0.0/16")
	var seen []netip.Prefix
	for vlan := range int32(20) {
		v := a.vif(t, a.private(t, port, vlan+1))
		amazon, customer := netip.MustParsePrefix(v["amazonAddress"].(string)), netip.MustParsePrefix(v["customerAddress"].(string))
		subnet := amazon.Masked()
		if subnet.Bits() != 30 || !space.Contains(subnet.Addr()) || amazon.Addr() != subnet.Addr().Next() || customer.Addr() != amazon.Addr().Next() {
			t.Errorf("assigned are %s and %s", amazon, customer)
		}
		for _, s := range seen {
			if s == subnet {
				t.Errorf("%s is assigned twice", s)
			}
		}
		seen = append(seen, subnet)
	}
}
