package daemon

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the addresses of proxies that are believed when they say where a request comes from. None: nobody is.
type Proxies []netip.Prefix

// ParseProxies reads addresses and ranges of addresses, such as 192.0.2.7 and 2001:db8::/64.
func ParseProxies(texts []string) (Proxies, error) {
	var p Proxies
	for _, text := range texts {
		if !strings.Contains(text, "/") {
			one, err := netip.ParseAddr(text)
			if err != nil || one.Zone() != "" {
				return nil, notProxy(text)
			}
			one = one.Unmap()
			p = append(p, netip.PrefixFrom(one, one.BitLen()))
			continue
		}
		many, err := netip.ParsePrefix(text)
		if err != nil || many.Addr().Is4In6() { // an address is held against ranges as IPv4 if it is that
			return nil, notProxy(text)
		}
		p = append(p, many.Masked())
	}
	return p, nil
}

func notProxy(text string) error {
	return fmt.Errorf("%q is not an IP address or a range of them, such as 192.0.2.7 or 2001:db8::/64", text)
}

func (p Proxies) trust(a netip.Addr) bool {
	for _, one := range p {
		if one.Contains(a) {
			return true
		}
	}
	return false
}

// forwardedFor is the header to which each proxy adds, on the right, who has called it.
const forwardedFor = "X-Forwarded-For"

// client is where a request comes from: its peer, or, if that is a trusted proxy, whom the proxy has had it from, and so on
// from right to left while who says so is trusted. What stands further to the left anybody may have written, and it is not
// looked at. Where a trusted proxy's word makes no sense, the request is the peer's.
func (p Proxies) client(peer netip.Addr, headers []string) netip.Addr {
	peer = plainAddr(peer)
	if !p.trust(peer) {
		return peer
	}
	found := peer
	for i := len(headers) - 1; i >= 0; i-- {
		rest, more := headers[i], true
		for more {
			var last string
			if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
				rest, last = rest[:comma], rest[comma+1:]
			} else {
				last, more = rest, false
			}
			said, ok := forwardedAddr(strings.Trim(last, " \t"))
			if !ok {
				return peer
			}
			if found = said; !p.trust(found) {
				return found
			}
		}
	}
	return found
}

// forwardedAddr reads a member of the header: an address, which may have a port; that of IPv6 then is in brackets.
func forwardedAddr(text string) (netip.Addr, bool) {
	if at, err := netip.ParseAddrPort(text); err == nil {
		return plainAddr(at.Addr()), true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		if !ok || !strings.Contains(inner, ":") {
			return netip.Addr{}, false
		}
		text = inner
	}
	a, err := netip.ParseAddr(text)
	return plainAddr(a), err == nil
}

// plainAddr is an address as policies and records have it.
func plainAddr(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

// fromClients has requests that trusted proxies pass on be from their clients, for all that comes after it: policies, the audit
// trail and the console's brake on guesses. The port of such a client is not known, and is 0.
func (p Proxies) fromClients(next http.Handler) http.Handler {
	if len(p) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			if client := p.client(peer.Addr(), r.Header.Values(forwardedFor)); client != plainAddr(peer.Addr()) {
				// Not in a copy of the request: the server removes the files of a form of this one only.
				r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
			}
		}
		next.ServeHTTP(w, r)
	})
}
