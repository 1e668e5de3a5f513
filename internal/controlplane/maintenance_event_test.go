package controlplane

import (
	"fmt"
	"testing"

	"onramp/internal/directconnect"
)

// TestWorkARNs: each thing of a customer's has its ARN, the operator's own have none, and there is an end to them.
func TestWorkARNs(t *testing.T) {
	t.Parallel()
	const account = "123456789012"
	hits := []directconnect.WorkHit{
		{Account: account, Kind: "router", ID: "r1"},
		{Account: account, Region: "cn-north-1", Kind: "lag", ID: "dxlag-1"},
		{Account: account, Region: "us-east-1", Kind: "interface", ID: "dxvif-1"},
	}
	for _, kind := range []directconnect.ConnectionKind{directconnect.Dedicated, directconnect.Interconnect, directconnect.Hosted} {
		hits = append(hits, directconnect.WorkHit{Account: account, Region: "us-east-1", Kind: string(kind), ID: "dxcon-" + string(kind)})
	}
	got := workARNs(hits)
	want := []string{
		"arn:aws-cn:directconnect:cn-north-1:123456789012:dxlag/dxlag-1", "arn:aws:directconnect:us-east-1:123456789012:dxvif/dxvif-1",
		"arn:aws:directconnect:us-east-1:123456789012:dxcon/dxcon-dedicated", "arn:aws:directconnect:us-east-1:123456789012:dxcon/dxcon-interconnect",
		"arn:aws:directconnect:us-east-1:123456789012:dxcon/dxcon-hosted",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for n := range 2 * mostWorkARNs {
		hits = append(hits, directconnect.WorkHit{Account: account, Region: "us-east-1", Kind: "interface", ID: fmt.Sprintf("dxvif-%d", n)})
	}
	if got := len(workARNs(hits)); got != mostWorkARNs {
		t.Errorf("%d ARNs, want %d", got, mostWorkARNs)
	}
}
