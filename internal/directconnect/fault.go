package directconnect

import "time"

// Fault is what an operator has made wrong with the simulated cable of a connection, beside cutting it (Connection.Cut).
type Fault struct {
	LightDBm float64 `json:"dbm,omitempty"`    // what the receiver gets of the far side's light; 0: as usual
	Silent   bool    `json:"silent,omitempty"` // the far side sends no light
	WrongKey bool    `json:"key,omitempty"`    // the far side has another MACsec key
	Flap     *Flap   `json:"flap,omitempty"`
}

// The light that a fault may leave: above it no optic of these sends, below it there is none.
const (
	MostLightDBm  = -0.1
	LeastLightDBm = -40.0
)

// check refuses what no cable does.
func (f Fault) check() error {
	if f.LightDBm != 0 && (f.LightDBm < LeastLightDBm || f.LightDBm > MostLightDBm) {
		return Clientf("A light level of %g dBm is not between %g and %g.", f.LightDBm, LeastLightDBm, MostLightDBm)
	}
	if f.Flap != nil {
		return f.Flap.check()
	}
	return nil
}

// WithFault puts the connection's cable into a state; the zero Fault is a sound one. A broken one stays broken.
func (c Connection) WithFault(f Fault, now time.Time) (Connection, error) {
	if err := f.check(); err != nil {
		return c, err
	}
	switch {
	case f == (Fault{}) && c.Fault == nil:
		return c, nil
	case f == (Fault{}):
		c.Fault = nil
		return c.wake(now), nil
	case c.Kind == Hosted:
		return c, Clientf("Connection %s is hosted: it has no cable of its own.", c.ID)
	case c.CrossConnected.IsZero() || !c.Working():
		return c, Clientf("Connection %s has no cable plugged in.", c.ID)
	case f.WrongKey && !c.MACsec:
		return c, Clientf("Connection %s was ordered without MACsec: it has no key that could be wrong.", c.ID)
	}
	if f.Flap != nil && f.Flap.From.IsZero() {
		begins := *f.Flap
		begins.From = now
		f.Flap = &begins
	}
	c.Fault = &f
	return c.wake(now), nil
}

// nextFlap is when a flapping cable changes next; zero: never.
func (c Connection) nextFlap(now time.Time) time.Time {
	if c.Fault == nil || c.Fault.Flap == nil || !c.Working() {
		return time.Time{}
	}
	return c.Fault.Flap.Next(now)
}
