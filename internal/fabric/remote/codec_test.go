package remote

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

var byValue = []cmp.Option{
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
}

// Everything that an intent says arrives, and its keys go another way.
func TestIntentArrives(t *testing.T) {
	t.Parallel()
	for _, in := range []fabric.Intent{fill[fabric.Intent](t), routed(), {}} {
		m, keys := encodeIntent(in)
		text, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if bytes.Contains(text, []byte(k)) {
				t.Error("a key is in the clear")
			}
		}
		again := &wire.Intent{}
		if err := proto.Unmarshal(text, again); err != nil {
			t.Fatal(err)
		}
		out, err := decodeIntent(again, keys)
		if diff := cmp.Diff(in, out, byValue...); diff != "" || err != nil {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
		if in.Fingerprint() != out.Fingerprint() {
			t.Error("the fingerprint is another one")
		}
		if len(keys) == 0 {
			continue
		}
		if _, err := decodeIntent(again, keys[1:]); err == nil {
			t.Error("a key is missing, and nobody notices")
		}
		if _, err := decodeIntent(again, append(keys, "x")); err == nil {
			t.Error("there is a key too many, and nobody notices")
		}
	}
}

// Everything that is observed arrives; routes that have not changed stay at home and are there all the same.
func TestObservedArrives(t *testing.T) {
	t.Parallel()
	want := fill[fabric.Observed](t)
	said, tables := map[session]uint64{}, map[session]table{}
	pass := func() (fabric.Observed, int) {
		t.Helper()
		text, err := proto.Marshal(encodeObserved(want, said))
		if err != nil {
			t.Fatal(err)
		}
		m := &wire.Observed{}
		if err := proto.Unmarshal(text, m); err != nil {
			t.Fatal(err)
		}
		got, err := decodeObserved(m, tables)
		if diff := cmp.Diff(want, got, byValue...); diff != "" || err != nil {
			t.Fatalf("error %v (-want +got):\n%s", err, diff)
		}
		return got, len(text)
	}
	got, first := pass()
	for _, f := range got.Interfaces { // whoever is answered may change the answer
		for _, n := range f.Neighbors {
			n.Accepted[0].Communities[0], n.Accepted[0].ASPath[0].ASNs[0] = "spoilt", 0
		}
	}
	if _, second := pass(); second >= first {
		t.Errorf("%d bytes, and the second time, without routes, %d", first, second)
	}
	for name, f := range want.Interfaces {
		for key, n := range f.Neighbors {
			n.Accepted, n.AcceptedVersion = n.Accepted[:1], n.AcceptedVersion+1000
			f.Neighbors[key] = n
		}
		delete(want.Interfaces, name)
		want.Interfaces["another"] = f
		break
	}
	pass()
	pass()
	if len(tables) != 4 {
		t.Errorf("the routes of %d sessions are remembered, and there are 4", len(tables))
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	o := fill[fabric.Observed](t)
	before := Digest(o)
	for name, p := range o.Ports {
		p.Counters.RxBytes++
		p.RxPowerDBm[0]--
		o.Ports[name] = p
	}
	for name, f := range o.Interfaces {
		f.Counters.TxErrors++
		o.Interfaces[name] = f
	}
	if !bytes.Equal(before, Digest(o)) {
		t.Error("counters and light count")
	}
	for name, p := range o.Ports {
		p.Carrier = false
		o.Ports[name] = p
	}
	if bytes.Equal(before, Digest(o)) || len(before) == 0 {
		t.Error("carrier does not count")
	}
	before = Digest(o)
	for _, f := range o.Interfaces {
		for name, n := range f.Neighbors {
			n.AcceptedVersion++
			f.Neighbors[name] = n
		}
	}
	if bytes.Equal(before, Digest(o)) {
		t.Error("routes do not count")
	}
}

func TestReportArrives(t *testing.T) {
	t.Parallel()
	want := Report{
		Sequence: 7, Fingerprint: routed().Fingerprint(), Digest: []byte{1}, Drift: []string{"a"}, Waiting: true, Repairs: 2, Repaired: []string{"b"},
	}
	if got := decodeReport(encodeReport(want)); !got.Equal(want) {
		t.Errorf("%+v became %+v", want, got)
	}
	for _, other := range []Report{
		{}, {Sequence: 7}, {Fingerprint: want.Fingerprint}, {Digest: []byte{1}}, {Drift: []string{"a"}}, {Waiting: true}, {Repairs: 2}, {Repaired: []string{"b"}},
	} {
		if other.Equal(want) || (other.Equal(Report{}) != (other.Sequence == 0 && other.Digest == nil && other.Drift == nil && !other.Waiting &&
			other.Repairs == 0 && other.Repaired == nil && other.Fingerprint == fabric.Fingerprint{})) {
			t.Errorf("%+v is taken for another", other)
		}
	}
	if got := decodeReport(encodeReport(Report{Drift: []string{"\xff"}})); got.Drift[0] != "\uFFFD" {
		t.Errorf("text that is no text became %q", got.Drift[0])
	}
}
