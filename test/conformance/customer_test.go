package conformance

import (
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/directconnect"
)

// TestCustomerMetadata: the agreement, unsigned at first, and what kind of partner the account is.
func TestCustomerMetadata(t *testing.T) {
	t.Parallel()
	w := open(t)
	const carol = "777788889999"
	w.configure(alice, "Alice", directconnect.NonPartner)
	w.configure(bob, "Bob", directconnect.PartnerV1)
	w.configure(carol, "Carol", directconnect.PartnerV2)
	for account, kind := range map[string]string{alice: "nonPartner", bob: "v1", carol: "v2"} {
		c := w.as(t, account)
		metadata := func(status string) members {
			return members{"agreements": list{members{"agreementName": directconnect.Agreement, "status": status}}, "nniPartnerType": kind}
		}
		look := func(status string) {
			t.Helper()
			got(c.DescribeCustomerMetadata(t.Context(), &dc.DescribeCustomerMetadataInput{}))(t)
			holds(t, c.object(), metadata(status))
		}
		look("unsigned")
		w.unchanged(t, func() {
			refused(c.ConfirmCustomerAgreement(t.Context(), &dc.ConfirmCustomerAgreementInput{AgreementName: str("Another")}))(
				t, client, "Could not find agreement with name Another")
		})
		c.order(t, ashburn, "1Gbps", "never blocked")
		for _, in := range []dc.ConfirmCustomerAgreementInput{{}, {AgreementName: str(directconnect.Agreement)}} {
			got(c.ConfirmCustomerAgreement(t.Context(), &in))(t)
			if c.last.body != `{"status":"signed"}` {
				t.Errorf("ConfirmCustomerAgreement answers %s", c.last.body)
			}
			look("signed")
		}
	}
}

// TestSigningByName: the name alone signs as well.
func TestSigningByName(t *testing.T) {
	t.Parallel()
	c := open(t).as(t, alice)
	got(c.ConfirmCustomerAgreement(t.Context(), &dc.ConfirmCustomerAgreementInput{AgreementName: str(directconnect.Agreement)}))(t)
	out := got(c.DescribeCustomerMetadata(t.Context(), &dc.DescribeCustomerMetadataInput{}))(t)
	if *out.Agreements[0].Status != "signed" || out.NniPartnerType != "v2" { // in open mode everybody may act as a partner
		t.Errorf("after signing: %s", c.last.body)
	}
}
