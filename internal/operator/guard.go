package operator

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// authorized lets only those through who bear the token.
func (a *api) authorized(next http.Handler) http.Handler {
	// Digests have one length, so that the comparison tells nothing of the token's.
	want := sha256.Sum256([]byte(a.Token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		have := sha256.Sum256([]byte(strings.TrimSpace(token)))
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(have[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="onramp operator"`)
			writeJSON(w, http.StatusUnauthorized, envelope{"The operator token is missing or wrong. It is in the file operator-token of the data folder."})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// addressed refuses what a browser was tricked into sending: a Host that is another's name (DNS rebinding), an Origin
// that is not this server.
func (a *api) addressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !a.knowsHost(r.Host) {
			writeJSON(w, http.StatusForbidden, envelope{"The request is addressed to a host name that is not this server's."})
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			if u, err := url.Parse(origin); err != nil || !strings.EqualFold(u.Host, r.Host) {
				writeJSON(w, http.StatusForbidden, envelope{"The request comes from a page of another origin."})
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// knowsHost reports whether requests may be addressed to a host.
func (a *api) knowsHost(hostport string) bool { return KnowsHost(a.Hosts, hostport) }

// KnowsHost takes IP addresses, which nobody can rebind, localhost, and the names of the configuration.
func KnowsHost(hosts []string, hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return strings.EqualFold(host, "localhost") ||
		slices.ContainsFunc(hosts, func(known string) bool { return strings.EqualFold(known, host) })
}
