package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

// portReading are the fields of a port as its router was read; nil: it has none.
func portReading(r *operator.PortReading) []any {
	switch {
	case r == nil:
		return nil
	case r.NotRead != "":
		return []any{"Reading", "not read: " + r.NotRead}
	}
	link := "down"
	if r.Carrier {
		link = "up"
	}
	pairs := []any{
		"Read", r.At, "Link", link, "Link speed", speed(r.SpeedMbps),
		"Light received", measured(r.ReceivedDBm), "Light transmitted", measured(r.TransmittedDBm),
	}
	pairs = append(pairs, trafficFields(r.Traffic)...)
	if r.MACsecNotValid != nil {
		pairs = append(pairs, "MACsec not valid", frames(r.MACsecNotValid), "MACsec late", frames(r.MACsecLate))
	}
	return pairs
}

func interfaceReading(r *operator.InterfaceReading) []any {
	switch {
	case r == nil:
		return nil
	case r.NotRead != "":
		return []any{"Reading", "not read: " + r.NotRead}
	}
	pairs := append([]any{"Read", r.At}, trafficFields(r.Traffic)...)
	for _, s := range r.Sessions {
		text := fmt.Sprintf("up, %d prefixes accepted", s.Accepted)
		if !s.Up {
			text = strings.TrimSuffix("down: "+s.Reason, ": ")
		}
		pairs = append(pairs, "Session "+s.Peer, text)
	}
	return pairs
}

func trafficFields(t *operator.Traffic) []any {
	if t == nil {
		return []any{"Traffic", "not counted"}
	}
	return []any{
		"From the customer", countText(t.Ingress), "To the customer", countText(t.Egress),
		"Errors", fmt.Sprintf("%d in, %d out", t.Ingress.Errors, t.Egress.Errors), "Dropped", fmt.Sprintf("%d in, %d out", t.Ingress.Dropped, t.Egress.Dropped),
		"Rates over", seconds(t.OverSeconds),
	}
}

func countText(c operator.Count) string {
	text := fmt.Sprintf("%d bytes, %d packets", c.Bytes, c.Packets)
	if c.BitsPerSecond != nil {
		text = directconnect.BitRate(*c.BitsPerSecond).String() + ", " + text
	}
	return text
}

func seconds(s float64) string {
	if s == 0 {
		return ""
	}
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

func speed(mbps int64) string {
	if mbps == 0 {
		return ""
	}
	return fmt.Sprintf("%d Mbit/s", mbps)
}

func frames(n *uint64) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%d frames", *n)
}

// measured is optical power, one figure a lane.
func measured(dBm []float64) string {
	if len(dBm) == 0 {
		return "not measured"
	}
	texts := make([]string, len(dBm))
	for i, one := range dBm {
		texts[i] = strconv.FormatFloat(one, 'f', 1, 64)
	}
	return strings.Join(texts, " ") + " dBm"
}

func newRouterReadings() *cobra.Command {
	return verb("readings ROUTER", "Read light, errors and traffic of a router's ports",
		`Read at the router, now, what its ports measure and count: those that connections hold. Light is in dBm,
a figure a lane; errors and dropped frames are in both ways. Simulated routers have light and count nothing.
Of a single port onramp port show tells more, and of a session onramp interface show.`,
		arguments("ROUTER"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			r, err := c.ReadRouter(ctx, args[0])
			if err != nil {
				return err
			}
			if r.Reading == nil {
				return fmt.Errorf("router %s is not in the inventory: what is there is not known", r.Name)
			}
			if text := r.Reading.NotRead; text != "" && !p.data() {
				fmt.Fprintf(p.out, "Router %s was not read: %s.\n", r.Name, text)
				return nil
			}
			return p.table(r.Reading, []any{"PORT", "CONNECTION", "LINK", "RECEIVED", "TRANSMITTED", "IN", "OUT", "ERRORS", "DROPPED", "MACSEC NOT VALID"}, readingRows(r.Reading.Ports))
		})
}

func readingRows(ports []operator.PortReading) (rows [][]any) {
	for _, r := range ports {
		if r.NotRead != "" {
			rows = append(rows, []any{r.Port, r.Connection, "not read: " + r.NotRead, "", "", "", "", "", "", ""})
			continue
		}
		link, in, out, errors, dropped := "down", "not counted", "not counted", "", ""
		if r.Carrier {
			link = "up"
		}
		if t := r.Traffic; t != nil {
			in, out = countText(t.Ingress), countText(t.Egress)
			errors, dropped = strconv.FormatUint(t.Ingress.Errors+t.Egress.Errors, 10), strconv.FormatUint(t.Ingress.Dropped+t.Egress.Dropped, 10)
		}
		rows = append(rows, []any{r.Port, r.Connection, link, measured(r.ReceivedDBm), measured(r.TransmittedDBm), in, out, errors, dropped, frames(r.MACsecNotValid)})
	}
	return rows
}
