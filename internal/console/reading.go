package console

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// readTime is how long a page waits for a router that is asked what it measures and counts.
const readTime = 2 * time.Second

// read reads a router for a page of the operator's. What goes wrong is in the Reading: the page tells the rest.
func (v *visit) read(router string) directconnect.Reading {
	ctx, cancel := context.WithTimeout(v.Context(), readTime)
	defer cancel()
	r, err := v.console.Service.ReadRouter(ctx, router)
	switch {
	case err != nil && ctx.Err() != nil:
		r.Trouble = "it does not answer"
	case err != nil:
		r.Trouble = told(err)
	}
	return r
}

// notRead is what stands in place of a reading.
func notRead(trouble string) []fact { return []fact{knownText("Reading", "not read: "+trouble)} }

// portReading is what is read of the port of a connection; nothing of one without a port.
func (v *visit) portReading(router, port string) []section {
	if port == "" {
		return nil
	}
	return []section{{ID: "reading", Title: "Light and counters", Facts: portReadingFacts(v.read(router), port)}}
}

func portReadingFacts(r directconnect.Reading, port string) []fact {
	p, trouble := r.PortReading(port)
	if trouble != "" {
		return notRead(trouble)
	}
	facts := []fact{
		knownText("Read at the router", when(r.At)), known("Link", linkState(p.Carrier)), knownText("Link speed", lineSpeed(p.SpeedMbps)),
		knownText("Light received", measuredLevels(p.ReceivedDBm)), knownText("Light transmitted", measuredLevels(p.TransmittedDBm)),
	}
	facts = append(facts, trafficFacts(p.Traffic)...)
	if p.MACsec && p.Traffic != nil {
		facts = append(facts, knownText("MACsec frames not valid", strconv.FormatUint(p.NotValid, 10)), knownText("MACsec frames late", strconv.FormatUint(p.Late, 10)))
	}
	return knownFacts(facts...)
}

// interfaceReading is what is read of an interface that a router should have.
func (v *visit) interfaceReading(i directconnect.VirtualInterface) []section {
	if !i.OnRouter() {
		return nil
	}
	s := section{ID: "reading", Title: "Traffic and sessions"}
	r := v.read(i.Router)
	seen, trouble := r.InterfaceReading(i.ID)
	if trouble != "" {
		s.Facts = notRead(trouble)
		return []section{s}
	}
	s.Facts = knownFacts(append([]fact{knownText("Read at the router", when(r.At)), known("Link", linkState(seen.Up))}, trafficFacts(seen.Traffic)...)...)
	s.Table = &table{Caption: "Sessions as read", Head: []string{"Peer", "Session", "Prefixes accepted", "Why"}, Empty: "The router has none."}
	for _, p := range i.Peers {
		if n, there := seen.Sessions[p.ID]; there {
			s.Table.Rows = append(s.Table.Rows, []cell{coded(p.ID), linkState(n.Up), plain(number(&n.Accepted)), plain(n.Reason)})
		}
	}
	return []section{s}
}

// routerReading is what is read of the ports of a router that connections hold.
func (v *visit) routerReading(router string) (section, error) {
	s := section{ID: "reading", Title: "Light and counters"}
	held, _, err := v.console.Service.InUseOn(v.Context(), router)
	if err != nil {
		return s, err
	}
	r := v.read(router)
	if r.Trouble != "" {
		s.Facts = notRead(r.Trouble)
		return s, nil
	}
	s.Facts = []fact{knownText("Read at the router", when(r.At))}
	s.Table = &table{
		Caption: "Ports in use", Empty: "No connection holds a port.",
		Head: []string{"Port", "Connection", "Link", "Light received", "Light transmitted", "From the customer", "To the customer", "Errors", "MACsec not valid"},
	}
	for _, port := range held {
		s.Table.Rows = append(s.Table.Rows, portReadingRow(r, port))
	}
	return s, nil
}

func portReadingRow(r directconnect.Reading, port directconnect.Port) []cell {
	row := []cell{coded(port.Name), {Text: port.ConnectionID, Href: allPath + "/" + port.ConnectionID, Code: true}}
	p, trouble := r.PortReading(port.ID)
	if trouble != "" {
		return append(row, plain("not read: "+trouble), cell{}, cell{}, cell{}, cell{}, cell{}, cell{})
	}
	in, out, errors, invalid := "not counted", "not counted", "", ""
	if t := p.Traffic; t != nil {
		in, out, errors = passed(t.In, t.Over), passed(t.Out, t.Over), strconv.FormatUint(t.In.Errors+t.Out.Errors, 10)
		if p.MACsec {
			invalid = strconv.FormatUint(p.NotValid, 10)
		}
	}
	return append(row, linkState(p.Carrier), plain(measuredLevels(p.ReceivedDBm)), plain(measuredLevels(p.TransmittedDBm)), plain(in), plain(out), plain(errors), plain(invalid))
}

func trafficFacts(t *directconnect.Traffic) []fact {
	if t == nil {
		return []fact{knownText("Traffic", "not counted")}
	}
	return []fact{
		knownText("From the customer", passed(t.In, t.Over)), knownText("To the customer", passed(t.Out, t.Over)),
		knownText("Errors", fmt.Sprintf("%d in, %d out", t.In.Errors, t.Out.Errors)), knownText("Dropped", fmt.Sprintf("%d in, %d out", t.In.Dropped, t.Out.Dropped)),
	}
}

// passed is what was counted one way, with its rate if there is one.
func passed(c directconnect.Count, over time.Duration) string {
	text := fmt.Sprintf("%d bytes, %d packets", c.Bytes, c.Packets)
	if over > 0 {
		text = fmt.Sprintf("%s over %s, %s", c.BitsPerSecond, over.Round(time.Second), text)
	}
	return text
}

func linkState(up bool) cell {
	if up {
		return stated("up")
	}
	return stated("down")
}

func lineSpeed(mbps int64) string {
	if mbps == 0 {
		return ""
	}
	return strings.TrimSpace(number(&mbps) + " Mbit/s")
}

// measuredLevels is levels, and says so where there are none.
func measuredLevels(dBm []float64) string {
	if text := levels(dBm); text != "" {
		return text
	}
	return "not measured"
}
