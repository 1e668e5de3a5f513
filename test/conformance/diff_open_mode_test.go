package conformance

import (
	"net/http"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// TestOpenMode: without a configured account, `test` and every account number are access keys with the secret `test`, and
// every account is a partner; the first configured account ends that.
func TestOpenMode(t *testing.T) {
	t.Parallel()
	w := open(t)
	for key, account := range map[string]string{"test": "000000000000", alice: alice} {
		c := w.as(t, key)
		out := got(c.CreateConnection(t.Context(), &dc.CreateConnectionInput{
			Location: str(ashburn), Bandwidth: str("1Gbps"), ConnectionName: str("x"),
		}))(t)
		holds(t, *out.OwnerAccount, account)
		holds(t, string(got(c.DescribeCustomerMetadata(t.Context(), &dc.DescribeCustomerMetadataInput{}))(t).NniPartnerType), "v2")
	}
	const unknown = "The security token included in the request is invalid."
	w.as(t, "AKIAIOSFODNN7EXAMPLE").send("DescribeLocations", "{}").is(t, http.StatusBadRequest, "UnrecognizedClientException", unknown)
	w.configure(bob, "Bob", directconnect.NonPartner)
	w.as(t, "777788889999").send("DescribeLocations", "{}").is(t, http.StatusBadRequest, "UnrecognizedClientException", unknown)
	got(w.as(t, bob).DescribeLocations(t.Context(), &dc.DescribeLocationsInput{}))(t)
}

// TestAnyRegion: every well-formed Region answers; what it sells is for the inventory to say.
func TestAnyRegion(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, region := range []string{"eu-central-1", "us-gov-west-1", "mars-north-1"} {
		got(w.in(t, alice, region).DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{}))(t)
	}
	w.in(t, alice, "here").send("DescribeLocations", "{}").is(t, http.StatusBadRequest, "InvalidSignatureException",
		"Credential should be scoped to a valid region.")
}
