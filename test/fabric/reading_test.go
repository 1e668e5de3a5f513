package fabric

import (
	"strings"
	"testing"

	"onramp/internal/operator"
	"onramp/test/guest/lab"
)

// What the operator reads at routers.

// counts waits until a reading has counted both ways, with rates: from the second look on.
func counts(t *testing.T, what string, read func() (*operator.Traffic, string, error)) {
	t.Helper()
	lab.Eventually(t, func() string {
		traffic, trouble, err := read()
		switch {
		case err != nil:
			return what + ": " + err.Error()
		case trouble != "":
			return what + " was not read: " + trouble
		case traffic == nil || traffic.Ingress.Packets == 0 || traffic.Egress.Packets == 0:
			return what + " has counted nothing"
		case traffic.Ingress.BitsPerSecond == nil || traffic.Egress.BitsPerSecond == nil:
			return what + " has no rates"
		}
		return ""
	})
}

// readAtRouter fails the test unless the operator reads what the router of an encrypted connection counts, and of its session.
func (w *world) readAtRouter(connection, vif string) {
	w.t.Helper()
	counts(w.t, "the port", func() (*operator.Traffic, string, error) {
		c, err := w.operator.ReadConnection(w.t.Context(), connection)
		if err != nil || c.Reading == nil {
			return nil, "no reading", err
		}
		if r := c.Reading; r.NotRead == "" && (!r.Carrier || !r.Encrypted || r.MACsecNotValid == nil || r.MACsecLate == nil) {
			w.t.Errorf("the port is read as %+v", r)
		}
		return c.Reading.Traffic, c.Reading.NotRead, nil
	})
	counts(w.t, "the interface", func() (*operator.Traffic, string, error) {
		v, err := w.operator.ReadInterface(w.t.Context(), vif)
		if err != nil || v.Reading == nil {
			return nil, "no reading", err
		}
		if r := v.Reading; r.NotRead == "" && (len(r.Sessions) != 1 || !r.Sessions[0].Up || r.Sessions[0].Accepted != 1) || v.Peers[0].Since.IsZero() {
			w.t.Errorf("the interface is read as %+v, its peers are %+v", r, v.Peers)
		}
		return v.Reading.Traffic, v.Reading.NotRead, nil
	})
	if text := w.onramp(w.here, "connection", "show", connection); !strings.Contains(text, "MACsec not valid") || !strings.Contains(text, "bit/s") {
		w.t.Errorf("onramp connection show: %s", text)
	}
}

// notRead fails the test unless the operator is told that the router did not answer.
func (w *world) notRead(connection string) {
	w.t.Helper()
	c, err := w.operator.ReadConnection(w.t.Context(), connection)
	if err != nil || c.Reading == nil || c.Reading.NotRead != "it does not answer" {
		w.t.Errorf("without its agent the router is read as %+v, %v", c.Reading, err)
	}
}
