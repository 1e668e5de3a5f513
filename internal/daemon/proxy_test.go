package daemon

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func proxies(t testing.TB, texts ...string) Proxies {
	t.Helper()
	p, err := ParseProxies(texts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParseProxies(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "10.1.2.3/8": "10.0.0.0/8", "2001:db8::1": "2001:db8::1/128", "2001:db8::1/64": "2001:db8::/64",
		"::ffff:192.0.2.7": "192.0.2.7/32", "0.0.0.0/0": "0.0.0.0/0", "": "", "proxy.example": "", "192.0.2.7:80": "", "192.0.2.0/33": "",
		"192.0.2": "", "fe80::1%eth0": "", "::ffff:10.0.0.0/104": "", " 192.0.2.7": "", "*": "",
	} {
		got, err := ParseProxies([]string{text})
		if want == "" && err == nil || want != "" && (err != nil || len(got) != 1 || got[0].String() != want) {
			t.Errorf("%q: %v, %v, want %q", text, got, err, want)
		}
	}
	if p, err := ParseProxies(nil); err != nil || p != nil {
		t.Errorf("none: %v, %v", p, err)
	}
}

func TestClientBehindProxies(t *testing.T) {
	t.Parallel()
	const proxy, far = "10.0.0.1", "10.9.9.9" // both are trusted
	p := proxies(t, "10.0.0.0/8", "2001:db8:1::/48")
	for _, test := range []struct {
		name, peer string
		headers    []string
		want       string
	}{
		{"no header", proxy, nil, proxy},
		{"a client", proxy, []string{"203.0.113.9"}, "203.0.113.9"},
		{"no proxy of ours", "198.51.100.1", []string{"203.0.113.9"}, "198.51.100.1"},
		{"what the client wrote itself", proxy, []string{"192.0.2.1, 203.0.113.9"}, "203.0.113.9"},
		{"that it names a proxy of ours", proxy, []string{"10.0.0.7, 203.0.113.9"}, "203.0.113.9"},
		{"that it is no address", proxy, []string{"<script>, ,, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", proxy, []string{"192.0.2.1, 203.0.113.9, 10.9.9.9"}, "203.0.113.9"},
		{"several headers", proxy, []string{"192.0.2.1", "203.0.113.9", far}, "203.0.113.9"},
		{"several headers with several members", proxy, []string{"192.0.2.1", "203.0.113.9,10.9.9.9 ", far}, "203.0.113.9"},
		{"trusted all along", proxy, []string{"10.3.3.3", far}, "10.3.3.3"},
		{"spaces", proxy, []string{"192.0.2.1 ,\t 203.0.113.9 "}, "203.0.113.9"},
		{"a port", proxy, []string{"203.0.113.9:51234"}, "203.0.113.9"},
		{"IPv6", proxy, []string{"2001:db8:2::9"}, "2001:db8:2::9"},
		{"IPv6 in brackets", proxy, []string{"[2001:db8:2::9]"}, "2001:db8:2::9"},
		{"IPv6 and a port", proxy, []string{"203.0.113.9, [2001:DB8:2:0::9]:443"}, "2001:db8:2::9"},
		{"an IPv6 proxy", "2001:db8:1::1", []string{"203.0.113.9, 2001:db8:1:2::3"}, "203.0.113.9"},
		{"IPv4 in IPv6", "::ffff:10.0.0.1", []string{"::ffff:203.0.113.9, ::ffff:10.9.9.9"}, "203.0.113.9"},
		{"a zone", proxy, []string{"fe80::1%eth0"}, "fe80::1"},
		{"an empty header", proxy, []string{""}, proxy},
		{"an empty member", proxy, []string{"203.0.113.9,"}, proxy},
		{"an empty last header", proxy, []string{"203.0.113.9", ""}, proxy},
		{"a name", proxy, []string{"203.0.113.9, unknown"}, proxy},
		{"a name behind a proxy", proxy, []string{"203.0.113.9, unknown, 10.9.9.9"}, proxy},
		{"a bracket too few", proxy, []string{"[2001:db8:2::9"}, proxy},
		{"a bracket too many", proxy, []string{"2001:db8:2::9]"}, proxy},
		{"IPv4 in brackets", proxy, []string{"[203.0.113.9]"}, proxy},
		{"IPv4 in brackets and a port", proxy, []string{"[203.0.113.9]:80"}, proxy},
		{"brackets twice", proxy, []string{"[[2001:db8:2::9]]"}, proxy},
		{"no port", proxy, []string{"203.0.113.9:"}, proxy},
		{"a port too high", proxy, []string{"203.0.113.9:70000"}, proxy},
		{"quotes", proxy, []string{`"203.0.113.9"`}, proxy},
		{"zeros in front", proxy, []string{"203.0.113.009"}, proxy},
	} {
		if got := p.client(netip.MustParseAddr(test.peer), test.headers).String(); got != test.want {
			t.Errorf("%s: from %s with %q: %s, want %s", test.name, test.peer, test.headers, got, test.want)
		}
	}
}

// Policies and the audit trail have one and the same client.
func TestRequestsAreFromClients(t *testing.T) {
	t.Parallel()
	from := func(p Proxies, peer string) (policies, trail string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = peer
		r.Header.Add("x-forwarded-for", "192.0.2.1")
		r.Header.Add("X-Forwarded-For", "203.0.113.9")
		p.fromClients(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			policies, trail = circumstances(r).SourceIP, callOf(r).SourceIP
		})).ServeHTTP(httptest.NewRecorder(), r)
		return policies, trail
	}
	for _, test := range []struct {
		name, peer, want string
		p                Proxies
	}{
		{"a proxy", "10.0.0.1:4711", "203.0.113.9", proxies(t, "10.0.0.1")},
		{"another", "10.0.0.2:4711", "10.0.0.2", proxies(t, "10.0.0.1")},
		{"nobody trusted", "10.0.0.1:4711", "10.0.0.1", nil},
	} {
		if policies, trail := from(test.p, test.peer); policies != test.want || trail != test.want {
			t.Errorf("%s: policies have %q, the trail %q, want %s", test.name, policies, trail, test.want)
		}
	}
}

// Whatever is written to the left of an address that a trusted proxy has added, the address is the client's; and what no
// trusted proxy sends is not looked at.
func FuzzForwardedFor(f *testing.F) {
	p := proxies(f, "10.0.0.0/8")
	proxy, stranger, client := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("203.0.113.9")
	for _, text := range []string{"", "192.0.2.1", "10.0.0.7", "[2001:db8::1]:443", "[", "]", ",", " , ", "unknown", "1.2.3.4:99999", "fe80::1%eth0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, headers := range [][]string{{text + ", 203.0.113.9"}, {text, "203.0.113.9"}, {text, "203.0.113.9, 10.0.0.2"}} {
			if got := p.client(proxy, headers); got != client {
				t.Errorf("%q: %s", headers, got)
			}
		}
		if got := p.client(stranger, []string{text}); got != stranger {
			t.Errorf("a stranger says %q: %s", text, got)
		}
		got := p.client(proxy, []string{text})
		if !got.IsValid() || got.Is4In6() || got.Zone() != "" {
			t.Errorf("%q: %v", text, got)
		}
		if got != proxy && !strings.ContainsAny(text, ".:") {
			t.Errorf("%q is taken for %s", text, got)
		}
	})
}
