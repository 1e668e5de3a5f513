package conformance

import (
	"regexp"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestUnknownConnectionIsAnError: where a recording of 2017 has an empty list.
func TestUnknownConnectionIsAnError(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: str("dxcon-fg31dyv6")}))(
		t, client, "Could not find Connection with ID dxcon-fg31dyv6")
	refused(a.DescribeInterconnects(t.Context(), &dc.DescribeInterconnectsInput{InterconnectId: str("dxcon-fg31dyv6")}))(
		t, client, "Could not find Interconnect with ID dxcon-fg31dyv6")
}

// TestEndedIsListedForAWhile: as long as the installation says, with its tags; then it does not exist.
func TestEndedIsListedForAWhile(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id, lag := a.order(t, ashburn, "1Gbps", "x"), a.orderLAG(t, ashburn, "1Gbps", "x", 1)
	got(a.tag(t, arn(id), "k", "v"))(t)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t)
	w.turn(keep)
	a.state(t, id, "deleted")
	a.lagState(t, lag, "deleted")
	holds(t, a.tagsOf(t, arn(id)), tagged("k", "v"))
	w.turn(time.Second)
	refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &id}))(t, client, "Could not find Connection with ID "+id)
	refused(a.DescribeLags(t.Context(), &dc.DescribeLagsInput{LagId: &lag}))(t, client, "Could not find Lag with ID "+lag)
	refused(a.DescribeTags(t.Context(), &dc.DescribeTagsInput{ResourceArns: []string{arn(id)}}))(t, client, "Resource "+arn(id)+" does not exist.")
	refused(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t, client, "Could not find Connection with ID "+id)
}

// TestSecondDeleteChangesNothing: while what is deleted is listed, deleting it again answers it as it is.
func TestSecondDeleteChangesNothing(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id, lag := a.order(t, ashburn, "1Gbps", "x"), a.orderLAG(t, ashburn, "1Gbps", "x", 1)
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t)
	got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t)
	w.turn(time.Hour)
	first := w.noun(id).Deleted
	if out := got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &id}))(t); out.ConnectionState != "deleted" {
		t.Errorf("answered %s", out.ConnectionState)
	}
	if out := got(a.DeleteLag(t.Context(), &dc.DeleteLagInput{LagId: &lag}))(t); out.LagState != "deleted" {
		t.Errorf("answered %s", out.LagState)
	}
	if !w.noun(id).Deleted.Equal(first) {
		t.Error("a second delete moved the time of the first")
	}
}

// TestIDShape: eight characters in the narrow band of the recorded ones; other letters and blanks are a bad format.
func TestIDShape(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	id, lag := a.order(t, ashburn, "1Gbps", "x"), a.orderLAG(t, ashburn, "1Gbps", "x", 1)
	if !regexp.MustCompile(`^dxcon-f[fgh][0-9a-z]{6}$`).MatchString(id) || !regexp.MustCompile(`^dxlag-f[fgh][0-9a-z]{6}$`).MatchString(lag) {
		t.Errorf("IDs are %s and %s", id, lag)
	}
	for _, bad := range []string{"DXCON-fg31dyv6", "dxcon-Fg31dyv6", id + " ", "dxcon-", "dxcon_fg31dyv6"} {
		refused(a.DescribeConnections(t.Context(), &dc.DescribeConnectionsInput{ConnectionId: &bad}))(
			t, client, "Connection ID "+bad+" has an invalid format.")
	}
}
