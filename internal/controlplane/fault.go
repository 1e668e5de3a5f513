package controlplane

import (
	"context"
	"errors"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// FaultKind is what an operator can make wrong on a simulated router.
type FaultKind string

// The kinds. A cable is cut, faded or flaps, and its far side is silent or has the wrong MACsec key; the customer's router at
// the far end of an interface is silent, has the wrong BGP key, or its sessions flap.
const (
	FaultCut      FaultKind = "cut"
	FaultFade     FaultKind = "fade"
	FaultFlap     FaultKind = "flap"
	FaultWrongKey FaultKind = "wrong-key"
	FaultSilent   FaultKind = "silent"
)

// FaultKinds lists them.
var FaultKinds = []FaultKind{FaultCut, FaultFade, FaultFlap, FaultWrongKey, FaultSilent}

// Fault is something that is wrong because an operator has said so.
type Fault struct {
	Resource string // a connection or a virtual interface
	Account  string
	Router   string
	Kind     FaultKind
	LightDBm float64             // fade
	Flap     *directconnect.Flap // flap
}

// MakeFault adds a fault to a connection or virtual interface on a simulated router, and answers all that are there now. f
// says which; its resource is an ID.
func (s *Service) MakeFault(ctx context.Context, f Fault) (faults []Fault, err error) {
	if !slices.Contains(FaultKinds, f.Kind) {
		return nil, refuse(Invalid, "%q is not a fault: one of cut, fade, flap, wrong-key, silent.", f.Kind)
	}
	if (f.Kind == FaultFade) != (f.LightDBm != 0) {
		return nil, refuse(Invalid, "A light level belongs to a fade, and every fade has one, such as -18 dBm.")
	}
	if (f.Kind == FaultFlap) != (f.Flap != nil) {
		return nil, refuse(Invalid, "Seconds and times belong to a flap, and every flap has seconds.")
	}
	return s.changeFaults(ctx, f.Resource,
		func(c directconnect.Connection) (directconnect.Connection, error) {
			if f.Kind == FaultCut {
				return c.CutCable(s.Now())
			}
			fault := directconnect.Fault{}
			if c.Fault != nil {
				fault = *c.Fault
			}
			switch f.Kind {
			case FaultFade:
				fault.LightDBm = f.LightDBm
			case FaultFlap:
				fault.Flap = f.Flap
			case FaultWrongKey:
				fault.WrongKey = true
			case FaultSilent:
				fault.Silent = true
			}
			return c.WithFault(fault, s.Now())
		},
		func(script *directconnect.CustomerScript) error {
			switch f.Kind {
			case FaultFlap:
				script.Flap = f.Flap
			case FaultWrongKey:
				script.WrongKey = true
			case FaultSilent:
				script.Silent = true
			default:
				return refuse(Invalid, "Virtual interface %s has no cable: name its connection.", f.Resource)
			}
			return nil
		})
}

// HealFault takes faults of a kind, or all if it is empty, from a connection or virtual interface, and answers those that are
// left.
func (s *Service) HealFault(ctx context.Context, resource string, kind FaultKind) (faults []Fault, err error) {
	if kind != "" && !slices.Contains(FaultKinds, kind) {
		return nil, refuse(Invalid, "%q is not a fault: one of cut, fade, flap, wrong-key, silent.", kind)
	}
	heals := func(k FaultKind) bool { return kind == "" || kind == k }
	return s.changeFaults(ctx, resource,
		func(c directconnect.Connection) (directconnect.Connection, error) {
			var err error
			if c.Cut && heals(FaultCut) {
				if c, err = c.RestoreCable(s.Now()); err != nil {
					return c, err
				}
			}
			if c.Fault == nil {
				return c, nil
			}
			fault := *c.Fault
			if heals(FaultFade) {
				fault.LightDBm = 0
			}
			if heals(FaultFlap) {
				fault.Flap = nil
			}
			fault.WrongKey = fault.WrongKey && !heals(FaultWrongKey)
			fault.Silent = fault.Silent && !heals(FaultSilent)
			return c.WithFault(fault, s.Now())
		},
		func(script *directconnect.CustomerScript) error {
			if kind == FaultCut || kind == FaultFade {
				return refuse(Invalid, "Virtual interface %s has no cable: name its connection.", resource)
			}
			if heals(FaultFlap) {
				script.Flap = nil
			}
			script.WrongKey = script.WrongKey && !heals(FaultWrongKey)
			script.Silent = script.Silent && !heals(FaultSilent)
			return nil
		})
}

// HealAll takes every fault away, and answers what was wrong.
func (s *Service) HealAll(ctx context.Context) ([]Fault, error) {
	faults, err := s.Faults(ctx)
	if err != nil {
		return nil, err
	}
	about(ctx, ofFaults(faults)...)
	for _, f := range faults {
		if _, err := s.HealFault(ctx, f.Resource, f.Kind); err != nil {
			return nil, err
		}
	}
	return faults, nil
}

// changeFaults changes the cable of a connection, or what the customer's router does on an interface.
func (s *Service) changeFaults(ctx context.Context, resource string,
	cable func(directconnect.Connection) (directconnect.Connection, error), customer func(*directconnect.CustomerScript) error,
) (faults []Fault, err error) {
	isInterface := directconnect.CheckInterfaceID(resource) == nil
	if !isInterface && !directconnect.IsConnectionID(resource) {
		return nil, refuse(Invalid, "%q is neither a connection ID nor a virtual interface ID.", resource)
	}
	err = s.update(ctx, func(tx *store.Tx) error {
		if isInterface {
			faults, err = s.changeCustomer(ctx, tx, resource, customer)
			return err
		}
		c, err := tx.Connection(resource)
		if err != nil {
			return missing(err, "There is no connection %s.", resource)
		}
		about(ctx, ofConnection(c))
		if err := simulatedRouter(tx, c.Router); err != nil {
			return err
		}
		if c, err = cable(c); err != nil {
			return conflicting(err)
		}
		faults = faultsOf(c, s.Now())
		return tx.PutConnection(&c)
	})
	return faults, err
}

// simulatedRouter refuses a real one: what is wrong there cannot be made by saying so.
func simulatedRouter(tx *store.Tx, name string) error {
	r, err := tx.Router(name)
	if err == nil && r.Fabric != directconnect.Simulated {
		err = refuse(Conflict, "Router %s is a real one: faults can only be made on simulated routers.", name)
	}
	return missing(err, "Router %s has left the inventory.", name)
}

func (s *Service) changeCustomer(ctx context.Context, tx *store.Tx, id string, change func(*directconnect.CustomerScript) error) ([]Fault, error) {
	v, err := tx.Interface(id)
	if err != nil {
		return nil, missing(err, "There is no virtual interface %s.", id)
	}
	about(ctx, ofVIF(v))
	if err := simulatedRouter(tx, v.Router); err != nil {
		return nil, err
	}
	script, err := customerScript(tx, id)
	if err != nil {
		return nil, err
	}
	if err := change(&script); err != nil {
		return nil, err
	}
	if err := script.Check(); err != nil {
		return nil, invalid(err)
	}
	kept, text, err := s.customerFor(v, script)
	if err != nil {
		return nil, err
	}
	if err := tx.PutSetting(directconnect.CustomerSetting(id), text); err != nil {
		return nil, err
	}
	v.Due = s.Now()
	return interfaceFaults(v, *kept, s.Now()), tx.PutInterface(&v)
}

// customerScript is what a customer's router was told to do; the zero one: nothing.
func customerScript(tx *store.Tx, id string) (script directconnect.CustomerScript, err error) {
	text, err := tx.Setting(directconnect.CustomerSetting(id))
	if errors.Is(err, store.ErrNotFound) || err == nil && text == "" {
		return script, nil
	}
	if err != nil {
		return script, err
	}
	return directconnect.ParseCustomerScript(text)
}
