package console

import (
	"net"
	"strings"
)

// fromThisMachine reports a request of somebody on the server's own machine: over the loopback interface, addressed to this
// machine, and with no sign of a proxy, which would be on the machine for somebody who is not.
func (v *visit) fromThisMachine() bool {
	return isLoopback(v.address()) && isLoopback(hostOf(v.Host)) && !v.forwarded()
}

// forwarded reports a request on which a proxy has left its mark, with whatever value.
func (v *visit) forwarded() bool {
	for name := range v.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// hostOf is the host that a request is addressed to, without a port.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
