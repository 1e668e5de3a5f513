package fabric

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"
)

// Intent is all that one router should be: its ports and bundles, each sorted by name, each name once. The zero Intent
// is a router without configuration of ours.
type Intent struct {
	Ports   []Port
	Bundles []Bundle
}

// Port is one physical port that should be configured.
type Port struct {
	Name        string
	Enabled     bool   // false: configured, but its laser is off
	SpeedMbps   int64  // line rate, megabits per second
	Bundle      string // the bundle that it is a member of; empty: none
	MACsec      *MACsec
	Description string
}

// Bundle is an 802.1AX link aggregation group.
type Bundle struct {
	Name     string
	MinLinks int // members with carrier below which the bundle is down; 0 is as 1
}

// What a MACsec port does with frames in the clear (IEEE 802.1AE, controlled and uncontrolled port).
const (
	MACsecOff     = "off"     // does not encrypt; keys stay installed
	MACsecPrefer  = "prefer"  // encrypts when a key is agreed, passes plain frames when none is
	MACsecRequire = "require" // drops plain frames
)

// MACsec is the encryption of a port.
type MACsec struct {
	Mode string // MACsecOff, MACsecPrefer or MACsecRequire
	Keys []Key  // sorted by CKN, each CKN once
}

// Key is a connectivity association key (IEEE 802.1X, MKA) with the name that both sides know it by.
type Key struct {
	CKN string // hexadecimal
	CAK Secret // hexadecimal
}

// Check refuses an intent that contradicts itself, with an error wrapping ErrInvalid that names the port or bundle.
func (in Intent) Check() error {
	for i, b := range in.Bundles {
		switch {
		case b.Name == "":
			return fmt.Errorf("%w: a bundle has no name", ErrInvalid)
		case i > 0 && in.Bundles[i-1].Name >= b.Name:
			return fmt.Errorf("%w: bundle %s is there twice or out of order", ErrInvalid, b.Name)
		case b.MinLinks < 0:
			return fmt.Errorf("%w: bundle %s: %d minimum links", ErrInvalid, b.Name, b.MinLinks)
		}
	}
	for i, p := range in.Ports {
		if i > 0 && in.Ports[i-1].Name >= p.Name {
			return fmt.Errorf("%w: port %s is there twice or out of order", ErrInvalid, p.Name)
		}
		if err := in.checkPort(p); err != nil {
			return err
		}
	}
	return nil
}

func (in Intent) checkPort(p Port) error {
	if p.Name == "" {
		return fmt.Errorf("%w: a port has no name", ErrInvalid)
	}
	if p.SpeedMbps <= 0 {
		return fmt.Errorf("%w: port %s: %d Mbps", ErrInvalid, p.Name, p.SpeedMbps)
	}
	if p.Bundle != "" {
		_, found := slices.BinarySearchFunc(in.Bundles, p.Bundle, func(b Bundle, name string) int { return cmp.Compare(b.Name, name) })
		if !found {
			return fmt.Errorf("%w: port %s: there is no bundle %s", ErrInvalid, p.Name, p.Bundle)
		}
	}
	if p.MACsec == nil {
		return nil
	}
	switch p.MACsec.Mode {
	case MACsecOff, MACsecPrefer, MACsecRequire:
	default:
		return fmt.Errorf("%w: port %s: MACsec mode %q", ErrInvalid, p.Name, p.MACsec.Mode)
	}
	for i, k := range p.MACsec.Keys {
		switch {
		case k.CKN == "" || k.CAK == "":
			return fmt.Errorf("%w: port %s: a MACsec key without a name or without its key", ErrInvalid, p.Name)
		case i > 0 && p.MACsec.Keys[i-1].CKN >= k.CKN:
			return fmt.Errorf("%w: port %s: MACsec key %s is there twice or out of order", ErrInvalid, p.Name, k.CKN)
		}
	}
	return nil
}

// Clone is a copy that shares nothing with in.
func (in Intent) Clone() Intent {
	out := Intent{Ports: slices.Clone(in.Ports), Bundles: slices.Clone(in.Bundles)}
	for i, p := range out.Ports {
		if p.MACsec != nil {
			out.Ports[i].MACsec = &MACsec{Mode: p.MACsec.Mode, Keys: slices.Clone(p.MACsec.Keys)}
		}
	}
	return out
}

// Fingerprint tells intents apart without keeping them, and so without keeping their keys: the same for equal intents,
// different for different ones (SHA-256).
type Fingerprint [sha256.Size]byte

// Fingerprint answers in's. Absent and empty lists count as the same.
func (in Intent) Fingerprint() Fingerprint {
	w := printer{sha256.New()}
	w.number(int64(len(in.Bundles)))
	for _, b := range in.Bundles {
		w.text(b.Name)
		w.number(int64(b.MinLinks))
	}
	w.number(int64(len(in.Ports)))
	for _, p := range in.Ports {
		w.text(p.Name, p.Bundle, p.Description)
		w.number(p.SpeedMbps)
		w.flag(p.Enabled)
		w.flag(p.MACsec != nil)
		if p.MACsec != nil {
			w.text(p.MACsec.Mode)
			w.number(int64(len(p.MACsec.Keys)))
			for _, k := range p.MACsec.Keys {
				w.text(k.CKN, k.CAK.Reveal())
			}
		}
	}
	return Fingerprint(w.Sum(nil))
}

// printer writes values so that no two different sequences of them give the same bytes: every text has its length before it.
type printer struct{ hash.Hash }

func (w printer) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	_, _ = w.Write(b[:])
}

func (w printer) text(texts ...string) {
	for _, s := range texts {
		w.number(int64(len(s)))
		_, _ = w.Write([]byte(s))
	}
}

func (w printer) flag(set bool) {
	n := int64(0)
	if set {
		n = 1
	}
	w.number(n)
}
