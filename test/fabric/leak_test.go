package fabric

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"onramp/test/guest/lab"
)

// What is left behind: on a router by its agent, and in a program that runs for long.

// own is what a router has of ours, a line each: links with our mark, rules and routes by our protocol, queueing disciplines
// that are not the kernel's own with their filters, and key agreements.
func own(h *lab.Host) string {
	var found []string
	for line := range strings.Lines(h.IP("-o -d link show")) {
		if _, alias, marked := strings.Cut(line, "alias onramp:"); marked {
			name, _, _ := strings.Cut(strings.Fields(line)[1], "@")
			found = append(found, "link "+name+" "+strings.Fields(alias)[0])
		}
	}
	for _, family := range []string{"-4", "-6"} {
		for line := range strings.Lines(h.Batch("ip -o "+family, "rule show\nroute show table all proto 114\n")) {
			words := strings.Fields(line)
			_, err := strconv.Atoi(strings.TrimSuffix(words[0], ":"))
			switch at := slices.Index(words, "table"); {
			case err == nil: // a rule, and not a route to 2001:db8::
				if strings.Contains(line, "proto 114") {
					found = append(found, family+" rule "+strings.Join(words, " "))
				}
			case at > 0: // by which hop is the weather's business
				found = append(found, family+" route "+words[min(at-1, slices.Index(words, "unreachable")+1)]+" in "+words[at+1])
			}
		}
	}
	found = append(append(found, traffic(h)...), agreements(h)...)
	slices.Sort(found)
	return strings.Join(found, "\n")
}

// traffic is what a host has of tc, but for what the kernel gives every device: that has the handle 0.
func traffic(h *lab.Host) (found []string) {
	var asked []string // whose filters, in the order of the answers
	var ask strings.Builder
	for line := range strings.Lines(h.Run("tc", "qdisc", "show")) { // qdisc clsact ffff: dev et0 parent ffff:fff1
		words := strings.Fields(line)
		if len(words) < 5 || words[2] == "0:" {
			continue
		}
		found = append(found, "qdisc "+words[1]+" on "+words[4])
		if words[1] != "clsact" {
			continue
		}
		for _, way := range []string{"ingress", "egress"} {
			asked = append(asked, way+" on "+words[4])
			fmt.Fprintf(&ask, "qdisc show dev lo\nfilter show dev %s %s\n", words[4], way) // lo's line is the heading of what follows
		}
	}
	if len(asked) == 0 {
		return found
	}
	out, _ := h.TryBatch("tc -force", ask.String()) // a device may be gone since
	answers := strings.Split(out, "qdisc ")[1:]
	if len(answers) != len(asked) {
		return append(found, "filters that cannot be told apart: "+out)
	}
	for i, answer := range answers {
		if n := strings.Count(answer, " handle "); n > 0 {
			found = append(found, fmt.Sprintf("%d filters, %s", n, asked[i]))
		}
	}
	return found
}

// agreements are the key agreements that run on a host.
func agreements(h *lab.Host) (found []string) {
	for _, pid := range strings.Fields(h.IP("netns pids " + h.Name)) {
		name, err := os.ReadFile("/proc/" + pid + "/comm")
		if err == nil && strings.TrimSpace(string(name)) == "wpa_supplicant" {
			found = append(found, "wpa_supplicant")
		}
	}
	return found
}

// still waits until the routers have of ours what they had.
func (p *twoPaths) still(had [2]string) {
	p.t.Helper()
	for path := range had {
		lab.Eventually(p.t, func() string {
			if have := own(p.router(path).host); have != had[path] {
				return fmt.Sprintf("router %d has\n%s\nand had\n%s", path+1, have, had[path])
			}
			return ""
		})
	}
}

// programs are ours that run.
func (p *twoPaths) programs() map[string]*lab.Daemon {
	return map[string]*lab.Daemon{"control plane": p.server, "agent 1": p.router(0).agent, "agent 2": p.router(1).agent}
}

// descriptors is how many files and sockets each program has open.
func (p *twoPaths) descriptors() map[string]int {
	p.t.Helper()
	open := map[string]int{}
	for name, d := range p.programs() {
		files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", d.Pid()))
		if err != nil {
			p.t.Fatal(err)
		}
		open[name] = len(files)
	}
	return open
}

// goroutines is how many each program has. They tell when they are ended by SIGQUIT, and are started again.
func (p *twoPaths) goroutines() map[string]int {
	p.t.Helper()
	running := map[string]int{}
	for name, d := range p.programs() {
		d.Signal(syscall.SIGQUIT)
		<-d.Ended()
		if running[name] = strings.Count(d.Log(), "\ngoroutine "); running[name] == 0 {
			p.t.Fatalf("%s has not told of its goroutines:\n%s", name, d.Log())
		}
	}
	p.serve()
	p.run("r1")
	p.run("r2")
	return running
}

// gathered fails if a program has many more of something than it had when it was young.
func gathered(t *testing.T, what string, young, old map[string]int, few int) {
	t.Helper()
	t.Logf("%s: %v at first, %v in the end", what, young, old)
	for name, n := range old {
		if n > young[name]+few {
			t.Errorf("%s: %d %s, and %d at first", name, n, what, young[name])
		}
	}
}
