package mka

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"onramp/internal/fabric"
)

// assign gives every key a slot: the one that it has, or one that is free. It answers the CKN of each slot, empty for none.
// There are no more keys than slots.
func assign(had [Slots]string, keys []fabric.Key) [Slots]string {
	var has [Slots]string
	var without []string
	for _, k := range keys {
		if i := slices.Index(had[:], k.CKN); i >= 0 {
			has[i] = k.CKN
		} else {
			without = append(without, k.CKN)
		}
	}
	for _, ckn := range without {
		has[slices.Index(has[:], "")] = ckn
	}
	return has
}

const slotsSuffix = ".slots"

// slotsFile says which key has which slot, a name a line: processes outlive the agent, and so does what they are for.
func (p *port) slotsFile() string { return filepath.Join(p.a.cfg.StateDir, p.device+slotsSuffix) }

// recall answers what remember kept; what cannot be read is forgotten.
func (p *port) recall() (had [Slots]string) {
	text, err := os.ReadFile(p.slotsFile())
	if err != nil {
		return had
	}
	copy(had[:], strings.Split(string(text), "\n"))
	return had
}

// remember keeps which key has which slot.
func (p *port) remember(has [Slots]string) {
	draft := p.slotsFile() + ".new"
	err := os.WriteFile(draft, []byte(strings.Join(has[:], "\n")+"\n"), 0o600)
	if err == nil {
		err = os.Rename(draft, p.slotsFile())
	}
	if err != nil {
		p.log("which key has which slot cannot be kept", "error", err)
	}
}

// forgetAll is for a port that knows no keys any more.
func (p *port) forgetAll() error {
	if err := os.Remove(p.slotsFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
