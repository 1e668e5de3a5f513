package conformance

import (
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestAgreement: there is one, its name is ours, and nothing waits for its signature.
func TestAgreement(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	a.order(t, ashburn, "1Gbps", "x")
	got(a.DescribeCustomerMetadata(t.Context(), &dc.DescribeCustomerMetadataInput{}))(t)
	holds(t, a.object()["agreements"], list{members{"agreementName": "Onramp Service Terms", "status": "unsigned"}})
	refused(a.ConfirmCustomerAgreement(t.Context(), &dc.ConfirmCustomerAgreementInput{AgreementName: str("AWS Direct Connect Terms")}))(
		t, client, "Could not find agreement with name AWS Direct Connect Terms")
}
