package fabric

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// TestSiteLink is a gateway with two customers' routers at two locations: they do not reach each other, with SiteLink they
// do, and without it no more.
func TestSiteLink(t *testing.T) {
	own := [2]string{"172.16.1.0/24", "172.16.2.0/24"}
	customers := [2]socket{{lab.NewHost(t, "c1"), "port0"}, {lab.NewHost(t, "c2"), "port0"}}
	w := newWorld(t, []socket{customers[0]}, []socket{customers[1]})
	gateway := w.dcGateway(behindGateway)
	var vifs [2]string
	for i, router := range []string{"r1", "r2"} {
		vifs[i] = w.private(w.plugged(router, 0), types.NewPrivateVirtualInterface{Vlan: 101, Asn: int32(65001 + i), DirectConnectGatewayId: &gateway})
		w.frr(customers[i], vifs[i], own[i])
		w.vifIs(vifs[i], types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
		reaches(t, customers[i].customer, firstHost(own[i]), firstHost(behindGateway))
	}
	across := func() bool {
		_, err := customers[0].customer.Try("ping", "-c", "3", "-i", "0.2", "-W", "1", "-I", firstHost(own[0]).String(), firstHost(own[1]).String())
		return err == nil
	}
	if across() {
		t.Error("the customers reach each other without SiteLink")
	}
	set := func(on bool) {
		for _, id := range vifs {
			got(w.api.UpdateVirtualInterfaceAttributes(t.Context(), &dc.UpdateVirtualInterfaceAttributesInput{VirtualInterfaceId: &id, EnableSiteLink: aws.Bool(on)}))(t)
		}
	}
	set(true)
	reaches(t, customers[0].customer, firstHost(own[0]), firstHost(own[1]))
	reaches(t, customers[1].customer, firstHost(own[1]), firstHost(own[0]))
	set(false)
	lab.Eventually(t, func() string {
		if across() {
			return "the customers reach each other after SiteLink is off"
		}
		return ""
	})
	reaches(t, customers[0].customer, firstHost(own[0]), firstHost(behindGateway))
}
