package operator_test

import (
	"fmt"
	"strings"
	"testing"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
)

func TestGateways(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	const one = "/v1/gateways/vgw-0a1b2c3d"
	add := func(members string) string {
		return `{"id":"vgw-0a1b2c3d","account":"111122223333","region":"us-east-1",` + members + `}`
	}
	steps(t, srv, []step{
		{"none yet", "GET", "/v1/gateways", "", 200, "[]"},
		{"unknown", "GET", one, "", 404, `There is no gateway \"vgw-0a1b2c3d\".`},
		{"unknown changed", "PATCH", one, `{"asn":64600}`, 404, "There is no gateway"},
		{"unknown removed", "DELETE", one, "", 404, "There is no gateway"},
		{"no ID", "POST", "/v1/gateways", `{"account":"111122223333","region":"us-east-1"}`, 400, "is not the ID of a gateway"},
		{"bad ID", "POST", "/v1/gateways", add(`"id":"tgw-0a1b2c3d"`), 400, "tgw-0a1b2c3d is not the ID of a gateway"},
		{"bad account", "POST", "/v1/gateways", add(`"account":"me"`), 400, `\"me\" is not an account ID`},
		{"bad Region", "POST", "/v1/gateways", add(`"region":"here"`), 400, `\"here\" is not the name of a Region.`},
		{"no ASN", "POST", "/v1/gateways", add(`"asn":0`), 400, "ASN 0 is not valid."},
		{"bad ASN", "POST", "/v1/gateways", add(`"asn":4294967295`), 400, "ASN 4294967295 is not valid. Valid values are 1 to 4294967294."},
		{"bad network", "POST", "/v1/gateways", add(`"cidrs":["10.0.0.1/16"]`), 400, "CIDR 10.0.0.1/16 is not valid: it has host bits set."},
		{"networks that overlap", "POST", "/v1/gateways", add(`"cidrs":["10.0.0.0/16","10.0.1.0/24"]`), 400, "CIDR 10.0.1.0/24 overlaps another one of vgw-0a1b2c3d."},
		{"unknown member", "POST", "/v1/gateways", add(`"color":"red"`), 400, "unknown field"},
		{"nothing was added by these", "GET", "/v1/gateways", "", 200, "[]"},
		{
			"added", "POST", "/v1/gateways", add(`"asn":64620,"cidrs":["10.0.0.0/16","2001:db8::/56"]`), 201,
			`{"id":"vgw-0a1b2c3d","kind":"virtualPrivateGateway","account":"111122223333","region":"us-east-1","asn":64620,` +
				`"cidrs":["10.0.0.0/16","2001:0db8:0000:0000:0000:0000:0000:0000/56"]}`,
		},
		{"added twice", "POST", "/v1/gateways", add(`"asn":64620`), 409, "There is a gateway vgw-0a1b2c3d already."},
		{"one by default", "POST", "/v1/gateways", add(`"id":"tgw-0a1b2c3d4e5f60718","region":"eu-west-1"`), 201, `"kind":"transitGateway","account":"111122223333","region":"eu-west-1","asn":64512,"cidrs":[]}`},
		{"shown", "GET", one, "", 200, `"asn":64620,`},
		{"not used", "GET", one, "", 200, `"usedBy":[]`},
		{"listed", "GET", "/v1/gateways", "", 200, `[{"id":"tgw-0a1b2c3d4e5f60718"`},
		{"listed by Region", "GET", "/v1/gateways?region=us-east-1", "", 200, `[{"id":"vgw-0a1b2c3d"`},
		{"listed by account", "GET", "/v1/gateways?account=444455556666", "", 200, "[]"},
		{"listed after", "GET", "/v1/gateways?after=vgw-0a1b2c3d", "", 200, "[]"},
		{"listed by something", "GET", "/v1/gateways?color=red", "", 400, "nothing to choose gateways by"},
		{"changed", "PATCH", one, `{"asn":64621}`, 200, `"asn":64621,"cidrs":["10.0.0.0/16",`},
		{"networks changed", "PATCH", one, `{"cidrs":["10.9.0.0/16"]}`, 200, `"asn":64621,"cidrs":["10.9.0.0/16"]`},
		{"networks taken away", "PATCH", one, `{"cidrs":[]}`, 200, `"cidrs":[]`},
		{"changed badly", "PATCH", one, `{"asn":0}`, 400, "ASN 0 is not valid."},
		{"account changed", "PATCH", one, `{"account":"444455556666"}`, 400, "Only the ASN and the networks"},
		{"removed", "DELETE", one, "", 204, ""},
		{"removed twice", "DELETE", one, "", 404, "There is no gateway"},
		{"an account configured", "POST", "/v1/accounts", `{"id":"123456789012"}`, 201, ""},
		{"of an account that is not", "POST", "/v1/gateways", add(`"asn":64620`), 404, `There is no account \"111122223333\".`},
		{"of one that is", "POST", "/v1/gateways", add(`"account":"123456789012"`), 201, `"account":"123456789012"`},
	})
}

// TestGatewayInUse: what an interface or an association uses stays, with a refusal that names what uses it.
func TestGatewayInUse(t *testing.T) {
	t.Parallel()
	srv := onramptest.Start(t)
	const id, one = "vgw-0a1b2c3d", "/v1/gateways/vgw-0a1b2c3d"
	c := srv.Operator()
	if _, err := c.AddGateway(t.Context(), operator.GatewayChange{ID: id, Account: customer, Region: "us-east-1", CIDRs: []string{"10.0.0.0/16"}}); err != nil {
		t.Fatal(err)
	}
	vif := attach(t, srv, lit(t, srv), id)
	service, caller := srv.Daemon().Service(), controlplane.Caller{Account: customer, Region: "us-east-1"}
	name, vgw := "x", id
	g, err := service.CreateDirectConnectGateway(t.Context(), caller, &api.CreateDirectConnectGatewayRequest{DirectConnectGatewayName: &name})
	if err != nil {
		t.Fatal(err)
	}
	gateway := g.DirectConnectGateway.DirectConnectGatewayID
	a, err := service.CreateDirectConnectGatewayAssociation(t.Context(), caller, &api.CreateDirectConnectGatewayAssociationRequest{DirectConnectGatewayID: gateway, GatewayID: &vgw})
	if err != nil {
		t.Fatal(err)
	}
	association := fmt.Sprintf("association %s with Direct Connect gateway %s of account %s", *a.DirectConnectGatewayAssociation.AssociationID, *gateway, customer)
	use := association + ", virtual interface " + vif + " of account " + customer
	steps(t, srv, []step{
		{"shown", "GET", one, "", 200, `"usedBy":["` + association + `","virtual interface ` + vif},
		{"removed", "DELETE", one, "", 409, "The registry was not changed. In use: gateway vgw-0a1b2c3d by " + use + "."},
		{"another ASN", "PATCH", one, `{"asn":64999}`, 409, "In use: gateway vgw-0a1b2c3d by " + use},
		{"the same ASN", "PATCH", one, `{"asn":64512,"cidrs":["10.1.0.0/16"]}`, 200, `"cidrs":["10.1.0.0/16"]`},
		{"an unknown one of open mode added", "POST", "/v1/gateways", `{"id":"vgw-ffffffff","account":"` + customer + `","region":"us-east-1"}`, 201, ""},
	})
	attach(t, srv, lit(t, srv), "vgw-eeeeeeee")
	_, text := do(t, srv, step{method: "POST", path: "/v1/gateways", body: `{"id":"vgw-eeeeeeee","account":"` + customer + `","region":"us-east-1"}`}, nil)
	if !strings.Contains(text, "In use: gateway vgw-eeeeeeee by virtual interface dxvif-") {
		t.Errorf("what open mode uses was added: %s", text)
	}
}
