package conformance

import (
	"strings"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestCKNKeepsItsCase: a CKN comes back in the case it was given in, or Terraform would replace the key at every plan; and
// the same one in another case is the same key.
func TestCKNKeepsItsCase(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "secure")
	loud, secret := strings.ToUpper(ckn(7)), cak(7)
	out := got(a.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &id, Ckn: &loud, Cak: &secret}))(t)
	if k := out.MacSecKeys[0]; *k.Ckn != loud {
		t.Errorf("the CKN came back as %s", *k.Ckn)
	}
	refused(a.addKey(t, id, 7))(t, client, "MACsec key "+*out.MacSecKeys[0].SecretARN+" is already associated with connection "+id+".")
	w.approve(id)
	w.settle()
	if k := got(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(t).Connections[0].MacSecKeys[0]; *k.Ckn != loud || *k.State != "associated" {
		t.Errorf("the key is %s in state %s", *k.Ckn, *k.State)
	}
}
