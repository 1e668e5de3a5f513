package conformance

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/internal/directconnect"
)

// ckn and cak are the n-th key pair of the tests.
func ckn(n int) string { return fmt.Sprintf("%064x", 0xc0de0000+n) }
func cak(n int) string { return fmt.Sprintf("%064x", 0xbeef0000+n) }

// addKey associates a new key pair.
func (c *caller) addKey(t testing.TB, id string, n int) (*dc.AssociateMacSecKeyOutput, error) {
	ckn, cak := ckn(n), cak(n)
	return c.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &id, Ckn: &ckn, Cak: &cak})
}

func (c *caller) dropKey(t testing.TB, id, arn string) (*dc.DisassociateMacSecKeyOutput, error) {
	return c.DisassociateMacSecKey(t.Context(), &dc.DisassociateMacSecKeyInput{ConnectionId: &id, SecretARN: &arn})
}

var arnShape = regexp.MustCompile(`^arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/directconnect/([0-9a-f]{64})-[A-Za-z0-9]{6}$`)

// newARN checks the ARN of a secret made for a CKN.
func newARN(t testing.TB, k types.MacSecKey, ckn string) string {
	t.Helper()
	if m := arnShape.FindStringSubmatch(*k.SecretARN); m == nil || m[1] != ckn {
		t.Fatalf("secretARN is %s", *k.SecretARN)
	}
	return *k.SecretARN
}

// key is a key as every operation shows it; the CAK is nowhere.
func key(arn, ckn, state string, at time.Time) members {
	return members{"secretARN": arn, "ckn": ckn, "state": state, "startOn": at.Format("2006-01-02 15:04:05.000")}
}

// TestMACsecKeyLife: associating until the router has it, disassociating until it has not, then off the list.
func TestMACsecKeyLife(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "secure")
	since := w.now()
	arn := newARN(t, got(a.addKey(t, id, 1))(t).MacSecKeys[0], ckn(1))
	holds(t, a.object(), members{"connectionId": id, "macSecKeys": list{key(arn, ckn(1), "associating", since)}})
	shows := func(mode, status string, keys ...any) {
		t.Helper()
		w.settle()
		c := a.connection(t, id)
		for name, want := range encrypted(mode, status, keys...) {
			holds(t, c[name], want)
		}
	}
	shows("should_encrypt", "Encryption Down", key(arn, ckn(1), "associating", since))
	w.approve(id)
	shows("should_encrypt", "Encryption Down", key(arn, ckn(1), "associated", since))
	w.plug(id)
	shows("should_encrypt", "Encryption Up", key(arn, ckn(1), "associated", since))
	got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("must_encrypt")}))(t)
	shows("must_encrypt", "Encryption Up", key(arn, ckn(1), "associated", since))
	a.state(t, id, "available")

	got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("no_encrypt")}))(t)
	shows("no_encrypt", "Encryption Down", key(arn, ckn(1), "associated", since))
	got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("must_encrypt")}))(t)
	shows("must_encrypt", "Encryption Up", key(arn, ckn(1), "associated", since))

	got(a.dropKey(t, id, arn))(t) // the last one takes must_encrypt with it
	holds(t, a.object(), members{"connectionId": id, "macSecKeys": list{key(arn, ckn(1), "disassociating", since)}})
	shows("should_encrypt", "Encryption Down")
	a.state(t, id, "available")
}

// TestMustEncryptWithoutKeys: a port that must encrypt and cannot is down.
func TestMustEncryptWithoutKeys(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "secure")
	w.light(id)
	a.state(t, id, "available")
	got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("must_encrypt")}))(t)
	w.settle()
	a.state(t, id, "down")
	got(a.addKey(t, id, 1))(t)
	w.settle()
	a.state(t, id, "available")
}

// TestMACsecKeyRing: three keys, all of them answered; a fourth is refused; a key is rolled without loss.
func TestMACsecKeyRing(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "secure")
	var arns []string
	for n := 1; n <= 3; n++ {
		keys := got(a.addKey(t, id, n))(t).MacSecKeys
		if len(keys) != n {
			t.Fatalf("%d keys after %d", len(keys), n)
		}
		arns = append(arns, newARN(t, keys[n-1], ckn(n)))
	}
	w.unchanged(t, func() {
		refused(a.addKey(t, id, 4))(t, client, "You have reached the limit of 3 MACsec keys on connection "+id+".")
		refused(a.addKey(t, id, 3))(t, client, "MACsec key "+arns[2]+" is already associated with connection "+id+".")
		refused(a.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &id, SecretARN: &arns[0]}))(
			t, client, "MACsec key "+arns[0]+" is already associated with connection "+id+".")
	})
	w.approve(id)
	w.fabric.Unreachable(w.noun(id).Router, true) // so that it takes its time
	got(a.dropKey(t, id, arns[0]))(t)
	refused(a.dropKey(t, id, arns[0]))(t, client, "MACsec key "+arns[0]+" is already being disassociated from connection "+id+".")
	w.fabric.Unreachable(w.noun(id).Router, false)
	w.turn(time.Minute)
	refused(a.dropKey(t, id, arns[0]))(t, client, "MACsec key "+arns[0]+" is not associated with connection "+id+".")
	got(a.addKey(t, id, 4))(t)
}

// TestMACsecSecretAgain: a secret made earlier serves another connection, by its ARN or by the same pair, in any letters.
func TestMACsecSecretAgain(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	first, second, third := a.orderSecure(t, ashburn, "10Gbps", "1"), a.orderSecure(t, ashburn, "10Gbps", "2"), a.orderSecure(t, ashburn, "10Gbps", "3")
	arn := *got(a.addKey(t, first, 1))(t).MacSecKeys[0].SecretARN
	got(a.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &second, SecretARN: &arn}))(t)
	holds(t, a.object()["macSecKeys"].(list)[0].(map[string]any)["ckn"], ckn(1))
	upper, upperCAK := strings.ToUpper(ckn(1)), strings.ToUpper(cak(1))
	out := got(a.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &third, Ckn: &upper, Cak: &upperCAK}))(t)
	if *out.MacSecKeys[0].SecretARN != arn || *out.MacSecKeys[0].Ckn != ckn(1) {
		t.Errorf("the same pair became %s", *out.MacSecKeys[0].SecretARN)
	}
	fourth, theirs := a.orderSecure(t, ashburn, "10Gbps", "4"), w.as(t, bob).orderSecure(t, ashburn, "10Gbps", "theirs")
	one, other := ckn(1), cak(2)
	w.unchanged(t, func() {
		refused(a.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &fourth, Ckn: &one, Cak: &other}))(
			t, client, "A MACsec secret with ckn "+one+" exists already and has another cak.")
		refused(w.as(t, bob).AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &theirs, SecretARN: &arn}))(
			t, client, "Could not find MACsec secret with ARN "+arn)
	})
	if strings.Contains(w.server.Log()+w.dump(), cak(1)) {
		t.Error("the CAK is in the log or the store")
	}
}

// TestMACsecOnALAG: the LAG's keys are its members', an own key is dropped on joining and none is kept on leaving.
func TestMACsecOnALAG(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "bundle", 1, secure)
	joins := a.orderSecure(t, ashburn, "10Gbps", "joins")
	got(a.addKey(t, joins, 1))(t)
	since := w.now()
	arn := newARN(t, got(a.addKey(t, lag, 2))(t).MacSecKeys[0], ckn(2))
	holds(t, a.object(), members{"connectionId": lag, "macSecKeys": list{key(arn, ckn(2), "associating", since)}})
	got(a.associate(t, joins, lag))(t)
	m := a.memberIDs(t, lag)
	w.light(m...)
	want := list{key(arn, ckn(2), "associated", since)}
	holds(t, a.lagShown(t, lag)["macSecKeys"], want)
	for _, id := range m {
		holds(t, a.connection(t, id)["macSecKeys"], want)
		holds(t, a.connection(t, id)["portEncryptionStatus"], "Encryption Up")
	}
	refused(a.addKey(t, joins, 3))(t, client, "Connection "+joins+" is a member of Lag "+lag+": MACsec is set on the Lag.")
	refused(a.dropKey(t, joins, arn))(t, client, "Connection "+joins+" is a member of Lag "+lag+": MACsec is set on the Lag.")
	got(a.UpdateLag(t.Context(), &dc.UpdateLagInput{LagId: &lag, EncryptionMode: str("must_encrypt")}))(t)
	got(a.disassociate(t, joins, lag))(t)
	holds(t, a.object()["macSecKeys"], list{})
	holds(t, a.object()["encryptionMode"], "should_encrypt")
	got(a.dropKey(t, lag, arn))(t)
	holds(t, a.object()["macSecKeys"], list{key(arn, ckn(2), "disassociating", since)})
	w.settle()
	holds(t, a.lagShown(t, lag)["macSecKeys"], list{})
	holds(t, a.lagShown(t, lag)["encryptionMode"], "should_encrypt")
}

// TestMACsecRules: what carries no keys.
func TestMACsecRules(t *testing.T) {
	t.Parallel()
	w := open(t, directconnect.Quotas{})
	a, b := w.as(t, alice), w.as(t, bob)
	plain, slow, lag := a.order(t, ashburn, "10Gbps", "x"), a.order(t, ashburn, "1Gbps", "x"), a.orderLAG(t, ashburn, "10Gbps", "x", 1)
	gone, secured := a.orderSecure(t, ashburn, "10Gbps", "x"), a.orderSecure(t, ashburn, "10Gbps", "x")
	got(a.DeleteConnection(t.Context(), &dc.DeleteConnectionInput{ConnectionId: &gone}))(t)
	parent := b.interconnect(t, "10Gbps", func(in *dc.CreateInterconnectInput) { yes := true; in.RequestMACSec = &yes })
	hosted := b.host(t, parent, alice, "50Mbps", 3)
	got(b.addKey(t, parent, 9))(t) // an interconnect may have keys
	holds(t, b.interconnectShown(t, parent)["macSecKeys"].(list)[0].(map[string]any)["ckn"], ckn(9))
	w.unchanged(t, func() {
		for id, text := range map[string]string{
			plain: "Connection " + plain + " does not support MACsec.", slow: "Connection " + slow + " does not support MACsec.",
			hosted: "Connection " + hosted + " does not support MACsec.", lag: "Lag " + lag + " does not support MACsec.",
			gone:   "Connection " + gone + " is in state deleted and cannot be changed.",
			parent: "Could not find Connection with ID " + parent, "dxlag-ffjhj9lx": "Could not find Lag with ID dxlag-ffjhj9lx",
		} {
			refused(a.addKey(t, id, 1))(t, client, text)
			refused(a.dropKey(t, id, "arn:x"))(t, client, text)
		}
		refused(a.dropKey(t, secured, "arn:x"))(t, client, "MACsec key arn:x is not associated with connection "+secured+".")
	})
}
