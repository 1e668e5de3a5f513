package speaker

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/fabric"
)

func TestBest(t *testing.T) {
	t.Parallel()
	at := func(name, via string, pref uint32, length int) *route {
		s := &session{remote: addr(via), want: wish{fabric.Neighbor{Name: name, Local: pfx("192.0.2.1/24"), Remote: addr(via)}, name}}
		return &route{from: s, pref: pref, attributes: &attributes{length: length}}
	}
	over := func(device string, pref uint32, length int) *route {
		s := &session{remote: addr("198.51.100.1"), tunnel: &Tunnel{Device: device}}
		return &route{from: s, pref: pref, attributes: &attributes{length: length}}
	}
	a, b := at("a", "192.0.2.2", 100, 2), at("b", "192.0.2.3", 100, 2)
	elsewhere, third, self := at("c", "192.0.2.4", 100, 2), at("d", "192.0.2.5", 100, 2), at("e", "192.0.2.6", 100, 2)
	elsewhere.via, third.via, self.via = addr("203.0.113.1"), addr("192.0.2.7"), addr("192.0.2.1")
	for name, c := range map[string]struct {
		routes []*route
		want   []Hop
		relay  *route
	}{
		"none":               {nil, nil, nil},
		"one":                {[]*route{a}, hop("192.0.2.2", "a"), a},
		"equal":              {[]*route{b, a}, append(hop("192.0.2.2", "a"), hop("192.0.2.3", "b")...), a},
		"preferred":          {[]*route{a, at("x", "192.0.2.9", 200, 9)}, hop("192.0.2.9", "x"), nil},
		"shorter":            {[]*route{a, at("x", "192.0.2.9", 100, 1)}, hop("192.0.2.9", "x"), nil},
		"external first":     {[]*route{over("t", 100, 2), a}, hop("192.0.2.2", "a"), a},
		"internal preferred": {[]*route{a, over("t", 200, 9)}, []Hop{{Device: "t"}}, a},
		"internal shorter":   {[]*route{b, over("t", 100, 1)}, []Hop{{Device: "t"}}, b},
		"two internal":       {[]*route{over("u", 100, 1), over("t", 100, 1)}, []Hop{{Device: "t"}, {Device: "u"}}, nil},
		"next hop elsewhere": {[]*route{elsewhere}, hop("192.0.2.4", "c"), elsewhere},
		"third party":        {[]*route{third}, hop("192.0.2.7", "d"), third},
		"next hop ourselves": {[]*route{self}, hop("192.0.2.6", "e"), self},
	} {
		got := hops(best(c.routes))
		if len(got) == 0 {
			got = nil
		}
		if d := cmp.Diff(c.want, got, comparable); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if relay := bestExternal(c.routes); c.relay != nil && relay != c.relay || len(c.routes) == 0 && relay != nil {
			t.Errorf("%s: relayed %+v", name, relay)
		}
	}
}

func TestCommunity(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "7224", "7224:", "70000:1", "1:70000", "1:2:3", "01:2", "-1:2", "a:b"} {
		if n, err := community(bad); err == nil {
			t.Errorf("%q is %d", bad, n)
		}
	}
	if n, err := community("65535:65281"); err != nil || n != noExport {
		t.Errorf("%d, %v", n, err)
	}
	out, err := exported(fabric.Announcement{Prefix: pfx("10.0.0.0/8"), Communities: []string{"65535:65281"}, NoExport: true})
	if err != nil || len(out.communities) != 1 {
		t.Errorf("%v, %v", out, err)
	}
}
