package lab

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// Capture is what passes a device, as tcpdump prints it, one line a frame.
type Capture struct{ daemon *Daemon }

// Capture begins to write down what passes a device, link headers included. filter is a pcap-filter(7); "": everything.
func (h *Host) Capture(device, filter string) *Capture {
	h.t.Helper()
	arguments := append([]string{"-Z", "root", "-nn", "-e", "-U", "-l", "--immediate-mode", "-i", device}, strings.Fields(filter)...)
	c := &Capture{daemon: h.Start("tcpdump", arguments...)}
	Eventually(h.t, func() string {
		if !strings.Contains(c.daemon.Log(), "listening on") {
			return "tcpdump is not listening: " + c.daemon.Log()
		}
		return ""
	})
	return c
}

// Frames are the lines so far, without tcpdump's own.
func (c *Capture) Frames() (lines []string) {
	for line := range strings.Lines(c.daemon.Log()) {
		if strings.Contains(line, "ethertype") && strings.HasSuffix(line, "\n") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

// Stop ends the capture and answers its lines.
func (c *Capture) Stop() []string {
	c.daemon.Stop()
	return c.Frames()
}

// rates counts measurements, so that each has a port of its own.
var rates atomic.Int64

// Rate is what a host can send to an address of another with TCP for some time, in megabits per second received. reverse:
// the other way. source, if valid, is the address that it is sent from.
func (h *Host) Rate(to *Host, source, target netip.Addr, d time.Duration, reverse bool) float64 {
	h.t.Helper()
	port := fmt.Sprint(5201 + rates.Add(1))
	server := to.Start("iperf3", "-s", "-1", "--forceflush", "-p", port)
	defer server.Kill()
	Eventually(h.t, func() string {
		if !strings.Contains(server.Log(), "Server listening") {
			return "iperf3 is not listening: " + server.Log()
		}
		return ""
	})
	arguments := []string{"-c", target.String(), "-p", port, "-t", fmt.Sprint(int(d.Seconds())), "-O", "1", "-J"}
	if source.IsValid() {
		arguments = append(arguments, "-B", source.String())
	}
	if reverse {
		arguments = append(arguments, "-R")
	}
	var report struct {
		End struct {
			Received struct {
				Rate float64 `json:"bits_per_second"`
			} `json:"sum_received"`
		} `json:"end"`
	}
	out := h.Run("iperf3", arguments...)
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		h.t.Fatalf("iperf3: %v\n%s", err, out)
	}
	return report.End.Received.Rate / 1e6
}
