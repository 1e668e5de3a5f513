package speaker

import (
	"errors"
	"fmt"
	"slices"
)

// VRFError is why a VRF is not served, or not in full.
type VRFError struct {
	VRF        string
	Whole      bool     // nothing is certain of any of its interfaces
	Interfaces []string // otherwise: those with a session that is not as it should be and does not show it by its status
	Err        error
}

func (e *VRFError) Error() string { return fmt.Sprintf("VRF %s: %v", e.VRF, e.Err) }
func (e *VRFError) Unwrap() error { return e.Err }

// lacks is what is in the way of some of a VRF's sessions.
type lacks struct {
	tunnel     bool // of one to another router
	interfaces []string
	errs       []error
}

func (l *lacks) Error() string   { return errors.Join(l.errs...).Error() }
func (l *lacks) Unwrap() []error { return l.errs }

// add notes what is in the way of a session.
func (l *lacks) add(s *session, err error) {
	l.errs = append(l.errs, fmt.Errorf("neighbour %s: %w", s.remote, err))
	if s.tunnel != nil {
		l.tunnel = true
	} else if !slices.Contains(l.interfaces, s.iface) {
		l.interfaces = append(l.interfaces, s.iface)
	}
}

// or is nil when nothing is in the way.
func (l *lacks) or() error {
	if len(l.errs) == 0 {
		return nil
	}
	return l
}

// failure says whom an error of a VRF concerns.
func failure(vrf string, err error) *VRFError {
	if some, is := err.(*lacks); is {
		return &VRFError{VRF: vrf, Whole: some.tunnel, Interfaces: some.interfaces, Err: err}
	}
	return &VRFError{VRF: vrf, Whole: true, Err: err}
}
