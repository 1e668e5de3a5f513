package conformance

import (
	"regexp"
	"testing"

	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// TestMACsecChoices: keys while the order is still requested, should_encrypt from the start, startOn in the form of the
// user guide, and no mode, status or keys at all on a port without MACsec.
func TestMACsecChoices(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	id, plain := a.orderSecure(t, ashburn, "10Gbps", "x"), a.order(t, ashburn, "10Gbps", "x")
	holds(t, a.connection(t, id)["encryptionMode"], "should_encrypt")
	holds(t, a.connection(t, id)["macSecKeys"], list{})
	k := got(a.addKey(t, id, 1))(t).MacSecKeys[0]
	if !regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$`).MatchString(*k.StartOn) {
		t.Errorf("startOn is %s", *k.StartOn)
	}
	a.state(t, id, "requested")
	for _, name := range []string{"encryptionMode", "portEncryptionStatus", "macSecKeys"} {
		if v, shown := a.connection(t, plain)[name]; shown {
			t.Errorf("%s is %v on a port without MACsec", name, v)
		}
	}
}

// TestMACsecSecretsAreOurs: there is no Secrets Manager behind the ARNs; a key name has one key in an account and Region.
func TestMACsecSecretsAreOurs(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	one, two := a.orderSecure(t, ashburn, "10Gbps", "x"), a.orderSecure(t, ashburn, "10Gbps", "x")
	arn := *got(a.addKey(t, one, 1))(t).MacSecKeys[0].SecretARN
	name, other := ckn(1), cak(2)
	refused(a.AssociateMacSecKey(t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &two, Ckn: &name, Cak: &other}))(
		t, client, "A MACsec secret with ckn "+name+" exists already and has another cak.")
	got(a.dropKey(t, one, arn))(t) // the secret stays
	if k := got(a.addKey(t, two, 1))(t).MacSecKeys[0]; *k.SecretARN != arn {
		t.Errorf("the pair is now %s, was %s", *k.SecretARN, arn)
	}
}

// TestMustEncryptIsDown: a port that must encrypt and cannot is down, and says so.
func TestMustEncryptIsDown(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.orderSecure(t, ashburn, "10Gbps", "x")
	w.light(id)
	got(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("must_encrypt")}))(t)
	w.settle()
	a.state(t, id, "down")
	holds(t, a.connection(t, id)["portEncryptionStatus"], "Encryption Down")
}

// TestModeOfALAGMember: is the LAG's, and is not changed on the member.
func TestModeOfALAGMember(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	lag := a.orderLAG(t, ashburn, "10Gbps", "x", 1, secure)
	id := a.memberIDs(t, lag)[0]
	refused(a.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: str("no_encrypt")}))(
		t, client, "Connection "+id+" is a member of Lag "+lag+": MACsec is set on the Lag.")
}
