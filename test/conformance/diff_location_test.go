package conformance

import (
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestLocationCodesAreExact: other letters name no location.
func TestLocationCodesAreExact(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, code := range []string{"EQDC2", "eqdc2", "EqDC2 "} {
		refused(a.CreateConnection(t.Context(), &dc.CreateConnectionInput{
			Location: &code, Bandwidth: str("1Gbps"), ConnectionName: str("x"),
		}))(t, client, "Location "+code+" is not valid.")
	}
}

// TestLocationLists: a list that holds nothing is there and empty, and pay as you go is sold everywhere.
func TestLocationLists(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	got(a.DescribeLocations(t.Context(), &dc.DescribeLocationsInput{}))(t)
	for _, l := range a.object()["locations"].(list) {
		l := l.(map[string]any)
		for _, name := range []string{"availablePortSpeeds", "availableMacSecPortSpeeds", "availableProviders"} {
			if _, ok := l[name].(list); !ok {
				t.Errorf("%s: %s is %v", l["locationCode"], name, l[name])
			}
		}
		holds(t, l["availableBillingModes"].(list)[0].(map[string]any)["billingMode"], "PayAsYouGo")
	}
}
