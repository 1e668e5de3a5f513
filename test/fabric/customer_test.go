package fabric

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"onramp/test/guest/lab"
)

// What customers do on their routers: what the configuration that they were given says, line by line.

const (
	frrRouter  = "FRRouting-FRR-8"
	birdRouter = "CZNIC-BIRD-2"
)

// follow names the port as it is on the host and runs the commands that the text's comments ask for.
func follow(h *lab.Host, text, comment, device string) string {
	text = strings.ReplaceAll(text, "eth0", device)
	for line := range strings.Lines(text) {
		words := strings.Fields(strings.TrimPrefix(line, comment+"   "))
		if strings.HasPrefix(line, comment+"   ip ") || strings.HasPrefix(line, comment+"   sysctl ") {
			if words[1] != "prefix-list" {
				h.Run(words[0], words[1:]...)
			}
		}
	}
	return text
}

// networks puts the customer's own networks on its router: the first host of each is the router itself.
func networks(h *lab.Host, prefixes ...string) {
	h.IP("link add name lan type dummy")
	h.IP("link set lan up")
	for _, p := range prefixes {
		prefix := netip.MustParsePrefix(p)
		h.IP(fmt.Sprintf("addr add %v dev lan", netip.PrefixFrom(prefix.Addr().Next(), prefix.Bits())))
	}
}

// announcing does in an frr.conf what its comments say to do so that prefixes are announced.
func announcing(text string, prefixes ...string) string {
	var b strings.Builder
	list := ""
	for line := range strings.Lines(text) {
		b.WriteString(line)
		words := strings.Fields(line)
		if strings.HasPrefix(line, "!   ip prefix-list ") || strings.HasPrefix(line, "!   ipv6 prefix-list ") {
			list = words[3]
			for i, p := range prefixes {
				if strings.Contains(p, ":") == (words[1] == "ipv6") {
					fmt.Fprintf(&b, "%s prefix-list %s seq %d permit %s\n", words[1], list, 5+i, p)
				}
			}
		}
		if len(words) == 5 && words[2] == "prefix-list" && words[4] == "out" {
			for _, p := range prefixes {
				if strings.Contains(p, ":") == strings.HasSuffix(words[3], "IPV6-OUT") {
					fmt.Fprintf(&b, "  network %s\n", p)
				}
			}
		}
	}
	return b.String()
}

// frr starts FRRouting on a customer's host for an interface, announcing the customer's networks.
func (w *world) frr(s socket, vif string, prefixes ...string) *lab.FRR {
	w.t.Helper()
	networks(s.customer, prefixes...)
	return s.customer.FRR(announcing(follow(s.customer, w.configuration(vif, frrRouter), "!", s.device), prefixes...))
}

// bird starts BIRD likewise.
func (w *world) bird(s socket, vif string, prefixes ...string) *lab.BIRD {
	w.t.Helper()
	networks(s.customer, prefixes...)
	return s.customer.BIRD(birdAnnouncing(follow(s.customer, w.configuration(vif, birdRouter), "#", s.device), prefixes...))
}

// birdAnnouncing does in a bird.conf what its comments say to do so that prefixes are announced.
func birdAnnouncing(text string, prefixes ...string) string {
	text = strings.ReplaceAll(text, "log syslog all;", "log stderr all;") // the lab has no syslog
	var out strings.Builder
	family := ""
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "filter ") {
			family = ""
			if strings.Contains(line, "_out {") {
				family = map[bool]string{true: "ipv6", false: "ipv4"}[strings.Contains(line, "ipv6_out")]
			}
		}
		if line == "\treject;\n" && family != "" {
			for _, p := range prefixes {
				if strings.Contains(p, ":") == (family == "ipv6") {
					fmt.Fprintf(&out, "\tif net ~ [ %s ] then accept;\n", p)
				}
			}
		}
		out.WriteString(line)
	}
	for i, p := range prefixes {
		family := map[bool]string{true: "ipv6", false: "ipv4"}[strings.Contains(p, ":")]
		fmt.Fprintf(&out, "protocol static own%d { %s; route %s via \"lan\"; }\n", i, family, p)
	}
	return out.String()
}

// firstHost is the address of a network at which something answers.
func firstHost(network string) netip.Addr { return netip.MustParsePrefix(network).Addr().Next() }

// address is that of an address with its subnet's length, as the API shows it.
func address(withLength *string) netip.Addr { return netip.MustParsePrefix(*withLength).Addr() }

// reaches waits until a ping from an address of a customer's crosses to the far side, and ends the test if it never does.
func reaches(t *testing.T, h *lab.Host, source, target netip.Addr) {
	t.Helper()
	lab.Eventually(t, func() string {
		out, err := h.Try("ping", "-c", "1", "-W", "1", "-I", source.String(), target.String())
		if err != nil {
			return out
		}
		return ""
	})
}
