package fabric

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dc "github.com/aws/aws-sdk-go-v2/service/directconnect"
	"github.com/aws/aws-sdk-go-v2/service/directconnect/types"

	"onramp/test/guest/lab"
)

// encryptionIs waits until a connection's port shows this encryption status.
func (w *world) encryptionIs(id, status string) {
	w.t.Helper()
	lab.Eventually(w.t, func() string {
		if c := w.describe(id); aws.ToString(c.PortEncryptionStatus) != status {
			return fmt.Sprintf("connection %s: %s, want %s", id, aws.ToString(c.PortEncryptionStatus), status)
		}
		return ""
	})
}

func (w *world) addKey(id, ckn, cak string) (secret string) {
	w.t.Helper()
	out := got(w.api.AssociateMacSecKey(w.t.Context(), &dc.AssociateMacSecKeyInput{ConnectionId: &id, Ckn: &ckn, Cak: &cak}))(w.t)
	for _, k := range out.MacSecKeys {
		if strings.EqualFold(aws.ToString(k.Ckn), ckn) {
			secret = aws.ToString(k.SecretARN)
		}
	}
	return secret
}

// rollover is the longest that a change of keys may be without an answer where the customer's end has one association at a
// time. Seven to ten seconds were measured: three to five until two supplicants agree on the new key, nearly all of them
// without any part of ours (TestRolloverBeside in mkatest); the rest is BGP, whose session is closed meanwhile. The limit is for
// a busy machine.
const rollover = 20 * time.Second

// gap is the longest that it may be, in the median of three, where the customer agrees on the new key before leaving the old
// one: nothing was measured. No single one may be so long that BFD takes note.
const gap = 200 * time.Millisecond

// spare is the longest that a key may cost which is not in use: nothing was measured.
const spare = 500 * time.Millisecond

// TestMACsec is must_encrypt: a capture on the wire shows no plain frame; a wrong CAK means no traffic and Encryption Down;
// the rollover to a second key is over within rollover, and a second key that is only added or withdrawn costs nothing.
func TestMACsec(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	const up, down = "Encryption Up", "Encryption Down"
	hex := func(digits string) string { return strings.Repeat(digits, 32) }
	c := lab.NewHost(t, "c1")
	w := newWorld(t, []socket{{c, "port0"}})
	cable := w.routers["r1"].cables[0]
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := w.connection("r1", func(in *dc.CreateConnectionInput) { in.RequestMACSec = aws.Bool(true) })
	first := w.addKey(id, hex("1a"), hex("c1"))
	got(w.api.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: aws.String("must_encrypt")}))(t)
	agreement := c.Secure("port0", "secure0")
	cable.Plug()
	w.encryptionIs(id, down)

	wire := plain(cable, hardware(c, "port0"))
	agreement.Use(hex("1a"), hex("c1"))
	w.encryptionIs(id, up)
	w.connectionIs(id, types.ConnectionStateAvailable)
	vif := w.private(id, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	w.frr(socket{c, "secure0"}, vif, own)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	sealed := cable.Panel.Capture(cable.A, "ether proto 0x88e5")
	answered(t, pinging(t, c, firstHost(own), firstHost(behind)), 20)
	if n := len(sealed.Stop()); n < 20 {
		t.Errorf("%d encrypted frames on the wire", n)
	}
	none(t, wire)
	w.readAtRouter(id, vif)

	pings := pinging(t, c, firstHost(own), firstHost(behind))
	w.addKey(id, hex("2b"), hex("c2"))
	answered(t, pings, 100)
	measured(t, "a second key added", pings.Stop(), spare)
	pings = pinging(t, c, firstHost(own), firstHost(behind))
	agreement.Use(hex("2b"), hex("c2"))
	answered(t, pings, 20)
	lab.Eventually(t, func() string {
		if !agreement.Secured() {
			return agreement.Status()
		}
		return ""
	})
	w.encryptionIs(id, up)
	answered(t, pings, 20)
	measured(t, "rollover of one wpa_supplicant to a second key", pings.Stop(), rollover)
	pings = pinging(t, c, firstHost(own), firstHost(behind))
	got(w.api.DisassociateMacSecKey(t.Context(), &dc.DisassociateMacSecKeyInput{ConnectionId: &id, SecretARN: &first}))(t)
	answered(t, pings, 100)
	measured(t, "the first key withdrawn", pings.Stop(), spare)
	w.encryptionIs(id, up)

	agreement.Use(hex("2b"), hex("ff"))
	w.encryptionIs(id, down)
	w.vifIs(vif, types.VirtualInterfaceStateDown, types.BGPStatusDown)
	if out, err := c.Try("ping", "-c", "3", "-i", "0.2", "-W", "1", firstHost(behind).String()); err == nil {
		t.Errorf("with a wrong CAK there is traffic:\n%s", out)
	}
	agreement.Use(hex("2b"), hex("c2"))
	w.encryptionIs(id, up)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c, firstHost(own), firstHost(behind))
	w.removed("r1", "wpa_supplicant")
	w.notRead(id)
}

// removed has all removed from a router that is ours, what is named among it, and fails if anything is left.
func (w *world) removed(router, among string) {
	w.t.Helper()
	r := w.routers[router]
	r.agent.Stop()
	if had := own(r.host); !strings.Contains(had, among) {
		w.t.Errorf("without its agent the router has no %s, only\n%s", among, had)
	}
	w.onramp(r.host, "router", "remove", "--state", r.state())
	if left := own(r.host); left != "" {
		w.t.Errorf("after its removal the agent has left\n%s", left)
	}
}

// TestRollover is a customer who agrees on the next key while the one before is in use: from the call that adds a key to the
// one that withdraws the old one, three times over, nothing is lost, no plain frame is sent, and the session and its BFD know
// nothing of it.
func TestRollover(t *testing.T) {
	const behind, own = "10.20.0.0/16", "172.16.1.0/24"
	hex := func(digits string) string { return strings.Repeat(digits, 32) }
	c := lab.NewHost(t, "c1")
	w := newWorld(t, []socket{{c, "port0"}})
	gateway := w.gateway("vgw-0123456789abcdef0", behind)
	id := w.connection("r1", func(in *dc.CreateConnectionInput) { in.RequestMACSec = aws.Bool(true) })
	old := w.addKey(id, hex("1a"), hex("c1"))
	got(w.api.UpdateConnection(t.Context(), &dc.UpdateConnectionInput{ConnectionId: &id, EncryptionMode: aws.String("must_encrypt")}))(t)
	agreement := c.Overlap("port0", "secure0")
	cable := w.routers["r1"].cables[0]
	cable.Plug()
	w.encryptionIs(id, "Encryption Down")
	wire := plain(cable, hardware(c, "port0"))
	agreement.Begin(hex("1a"), hex("c1"))
	agreement.Agreed()
	agreement.Change()
	w.encryptionIs(id, "Encryption Up")
	w.connectionIs(id, types.ConnectionStateAvailable)
	vif := w.private(id, types.NewPrivateVirtualInterface{Vlan: 101, Asn: 65001, VirtualGatewayId: &gateway})
	frr := w.frr(socket{c, "secure0"}, vif, own)
	w.vifIs(vif, types.VirtualInterfaceStateAvailable, types.BGPStatusUp)
	reaches(t, c, firstHost(own), firstHost(behind))
	established, downs := sessions(t, frr)

	var silences []time.Duration
	for _, next := range []struct{ ckn, cak string }{{hex("2b"), hex("c2")}, {hex("3c"), hex("c3")}, {hex("4d"), hex("c4")}} {
		var added string
		change := func() lab.Answers {
			pings := pinging(t, c, firstHost(own), firstHost(behind))
			added = w.addKey(id, next.ckn, next.cak)
			agreement.Begin(next.ckn, next.cak)
			agreement.Agreed()
			agreement.Change()
			agreement.Drop()
			got(w.api.DisassociateMacSecKey(t.Context(), &dc.DisassociateMacSecKeyInput{ConnectionId: &id, SecretARN: &old}))(t)
			answered(t, pings, 100)
			return pings.Stop()
		}
		answers := change()
		measured(t, "rollover to key "+next.ckn[:2], answers, 900*time.Millisecond)
		silences = append(silences, answers.Silence)
		old = added
		w.encryptionIs(id, "Encryption Up")
	}
	none(t, wire)
	slices.Sort(silences)
	if m := silences[len(silences)/2]; m > gap {
		t.Errorf("rollovers: %v without an answer in the median of %v, at most %v is allowed", m, silences, gap)
	}
	if after, more := sessions(t, frr); after != established || more != downs {
		t.Errorf("the customer has established %d sessions and lost BFD %d times, before the rollovers %d and %d", after, more, established, downs)
	}
}

// plain captures the frames on a cable that are neither encrypted nor the key agreement's, but for those of one end.
func plain(cable *lab.Cable, but string) *lab.Capture {
	return cable.Panel.Capture(cable.A, "not ether proto 0x888e and not ether proto 0x88e5 and ether src not "+but)
}

// none ends a capture of plain frames, of which there must be none.
func none(t *testing.T, wire *lab.Capture) {
	t.Helper()
	if frames := wire.Stop(); len(frames) > 0 {
		t.Errorf("%d plain frames from the router, the first: %s", len(frames), frames[0])
	}
}

// sessions answers how often FRR has established its BGP sessions, and how often BFD has gone down.
func sessions(t *testing.T, frr *lab.FRR) (established, downs int) {
	t.Helper()
	var neighbors map[string]struct {
		Established int `json:"connectionsEstablished"`
	}
	var peers []struct {
		Downs int `json:"session-down"`
	}
	if err := errors.Join(frr.Read("show bgp neighbors json", &neighbors), frr.Read("show bfd peers counters json", &peers)); err != nil {
		t.Fatal(err)
	}
	for _, n := range neighbors {
		established += n.Established
	}
	for _, p := range peers {
		downs += p.Downs
	}
	if established == 0 || len(peers) == 0 {
		t.Fatalf("%d sessions were established, %d have BFD", established, len(peers))
	}
	return established, downs
}

// hardware is the Ethernet address of a host's device.
func hardware(h *lab.Host, device string) string {
	return strings.Fields(h.IP("-br link show " + device))[2]
}
