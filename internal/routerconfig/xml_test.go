package routerconfig

import (
	"encoding/xml"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestXMLAsRecorded has two of the AWS CLI's examples: allocate-public-virtual-interface and create-bgp-peer.
func TestXMLAsRecorded(t *testing.T) {
	t.Parallel()
	peers := []Peer{ipv4Peer(), ipv6Peer()}
	peers[0].Key, peers[1].Key, peers[1].ASN = "0xC_ukbCerl6EYA0uexample", "0xS27kAIU_VHPjjAexample", 64600
	for _, c := range []struct {
		i    Interface
		want string
	}{
		{Interface{ID: "dxvif-fg9xo9vp", Type: "public", VLAN: 2000, AmazonASN: 7224, Peers: public().Peers},
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<logical_connection id=\"dxvif-fg9xo9vp\">\n  <vlan>2000</vlan>\n" +
				"  <customer_address>203.0.113.2/30</customer_address>\n  <amazon_address>203.0.113.1/30</amazon_address>\n" +
				"  <bgp_asn>65000</bgp_asn>\n  <bgp_auth_key>asdf34example</bgp_auth_key>\n" +
				"  <amazon_bgp_asn>7224</amazon_bgp_asn>\n  <connection_type>public</connection_type>\n</logical_connection>\n"},
		{Interface{ID: "dxvif-fg1vuj3d", Type: "private", VLAN: 125, AmazonASN: 7224, Peers: peers},
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<logical_connection id=\"dxvif-fg1vuj3d\">\n  <vlan>125</vlan>\n" +
				"  <customer_address>169.254.255.2/30</customer_address>\n  <amazon_address>169.254.255.1/30</amazon_address>\n" +
				"  <bgp_asn>65000</bgp_asn>\n  <bgp_auth_key>0xC_ukbCerl6EYA0uexample</bgp_auth_key>\n" +
				"  <ipv6_customer_address>2001:db8:1100:2f0:0:1:9cb4:4216/125</ipv6_customer_address>\n" +
				"  <ipv6_amazon_address>2001:db8:1100:2f0:0:1:9cb4:4211/125</ipv6_amazon_address>\n" +
				"  <ipv6_bgp_asn>64600</ipv6_bgp_asn>\n  <ipv6_bgp_auth_key>0xS27kAIU_VHPjjAexample</ipv6_bgp_auth_key>\n" +
				"  <amazon_bgp_asn>7224</amazon_bgp_asn>\n  <connection_type>private</connection_type>\n</logical_connection>\n"},
	} {
		if diff := cmp.Diff(c.want, XML(c.i)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.i.ID, diff)
		}
	}
}

// logicalConnection reads the XML back.
type logicalConnection struct {
	XMLName         xml.Name `xml:"logical_connection"`
	ID              string   `xml:"id,attr"`
	VLAN            int      `xml:"vlan"`
	CustomerAddress string   `xml:"customer_address"`
	AmazonAddress   string   `xml:"amazon_address"`
	ASN             int64    `xml:"bgp_asn"`
	Key             string   `xml:"bgp_auth_key"`
	CustomerIPv6    string   `xml:"ipv6_customer_address"`
	AmazonIPv6      string   `xml:"ipv6_amazon_address"`
	IPv6ASN         int64    `xml:"ipv6_bgp_asn"`
	IPv6Key         string   `xml:"ipv6_bgp_auth_key"`
	AmazonASN       int64    `xml:"amazon_bgp_asn"`
	Type            string   `xml:"connection_type"`
}

// TestXMLParses: the XML of any interface, with any key, gives the interface back.
func TestXMLParses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i := anyInterface(anyKey, false).Draw(t, "interface")
		var got logicalConnection
		if err := xml.Unmarshal([]byte(XML(i)), &got); err != nil {
			t.Fatalf("%v in\n%s", err, XML(i))
		}
		want := logicalConnection{XMLName: got.XMLName, ID: i.ID, VLAN: i.VLAN, AmazonASN: i.AmazonASN, Type: i.Type}
		if p, ok := firstPeer(i.Peers, "ipv4"); ok {
			want.CustomerAddress, want.AmazonAddress, want.ASN, want.Key = p.CustomerAddress.String(), p.AmazonAddress.String(), p.ASN, p.Key
		}
		if p, ok := firstPeer(i.Peers, "ipv6"); ok {
			want.IPv6ASN, want.IPv6Key = p.ASN, p.Key
			for _, a := range []string{got.CustomerIPv6, got.AmazonIPv6} {
				if a != plain(prefix(a)) {
					t.Fatalf("%s is not as the service writes it", a)
				}
			}
			want.CustomerIPv6, want.AmazonIPv6 = got.CustomerIPv6, got.AmazonIPv6
			if prefix(got.CustomerIPv6) != p.CustomerAddress || prefix(got.AmazonIPv6) != p.AmazonAddress {
				t.Fatalf("IPv6 addresses %s and %s, want %s and %s", got.CustomerIPv6, got.AmazonIPv6, p.CustomerAddress, p.AmazonAddress)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2001:db8::1/125":       "2001:db8:0:0:0:0:0:1/125",
		"2001:DB8:0:0:0:A::/64": "2001:db8:0:0:0:a:0:0/64",
		"169.254.255.1/30":      "169.254.255.1/30",
	} {
		if got := plain(prefix(in)); got != want {
			t.Errorf("plain(%s) = %s, want %s", in, got, want)
		}
	}
}
