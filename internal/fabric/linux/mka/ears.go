package mka

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"onramp/internal/fabric"
)

// How long things take in MKA (IEEE 802.1X-2010 table 9-3): a participant says hello every two seconds and is forgotten
// after six.
const (
	hello   = 2 * time.Second
	silence = hello + hello/4 // since a hello, after which that key is no longer used by the far end
	present = 2*hello + hello/2
	settle  = 12 * time.Second // for two ends that hear each other with the same key, to agree
)

// ears are what was heard from the far end of a port.
type ears struct {
	keys     []fabric.Key
	proved   map[string]time.Time // by CKN: a hello that its CAK was needed for
	began    map[string]time.Time // by CKN: the first of those without a gap
	from     map[string]sci       // by CKN: the secure channel that the last of those was about
	wrong    map[string]time.Time // by CKN: a hello with one of our CKNs and another CAK
	plain    map[string]time.Time // by CKN: a proved hello that wanted frames without MACsec
	stranger string               // CKN that is none of ours: the first of those that are heard
	strange  time.Time            // when it was heard last
}

// know replaces the keys that are listened for.
func (e *ears) know(keys []fabric.Key) {
	e.keys = keys
	if e.proved == nil {
		e.proved, e.began, e.wrong, e.plain = map[string]time.Time{}, map[string]time.Time{}, map[string]time.Time{}, map[string]time.Time{}
		e.from = map[string]sci{}
	}
	unknown := func(ckn string) bool {
		return !slices.ContainsFunc(keys, func(k fabric.Key) bool { return k.CKN == ckn })
	}
	maps.DeleteFunc(e.from, func(ckn string, _ sci) bool { return unknown(ckn) })
	for _, heard := range []map[string]time.Time{e.proved, e.began, e.wrong, e.plain} {
		maps.DeleteFunc(heard, func(ckn string, _ time.Time) bool { return unknown(ckn) })
	}
}

// take notes a hello, and answers whether it tells something that was not heard of late.
func (e *ears) take(m mkpdu, now time.Time) bool {
	for _, k := range e.keys {
		if k.CKN != m.ckn {
			continue
		}
		if !m.by(k) {
			e.wrong[k.CKN] = now
			return false
		}
		if now.Sub(e.proved[k.CKN]) > present {
			e.began[k.CKN] = now
		}
		news := now.Sub(e.proved[k.CKN]) > silence
		e.proved[k.CKN], e.from[k.CKN] = now, m.sci
		if !m.desired {
			news = news || now.Sub(e.plain[k.CKN]) > silence
			e.plain[k.CKN] = now
		}
		return news
	}
	// Nobody vouches for this frame: how often what is said of it changes is not for whoever sends it to decide.
	if e.stranger == m.ckn || now.Sub(e.strange) > present {
		e.stranger, e.strange = m.ckn, now
	}
	return false
}

// why says what keeps the port from being secured.
func (e *ears) why(now time.Time) string {
	lately := func(t time.Time) bool { return now.Sub(t) <= present }
	for _, k := range e.keys {
		if lately(e.proved[k.CKN]) {
			return "being agreed"
		}
	}
	for _, k := range e.keys {
		if lately(e.wrong[k.CKN]) {
			return "the far end has another CAK under CKN " + k.CKN
		}
	}
	if lately(e.strange) {
		return "the far end uses CKN " + e.stranger + ", which is not known here"
	}
	return "the far end says nothing of MACsec"
}

// listenAt opens the ears on a device, unless they are open there already.
func (p *port) listenAt(at links) error {
	if p.ear != nil && p.earAt == at.index {
		return nil
	}
	p.deafen()
	ear, err := listen(at.index, func(frame []byte) {
		m, err := parseMKPDU(frame)
		if err != nil || bytes.Equal(m.source[:], at.address[:]) {
			return
		}
		p.mu.Lock()
		news := p.ears.take(m, time.Now())
		p.mu.Unlock()
		if news {
			select {
			case p.wake <- struct{}{}:
			default: // woken already
			}
		}
	})
	if err != nil {
		return err
	}
	p.ear, p.earAt = ear, at.index
	return nil
}

func (p *port) deafen() {
	if p.ear != nil {
		_ = p.ear.Close() // which ends its reader
		p.ear = nil
	}
}

// plainWanted reports whether the far end wants frames without MACsec, by a key.
func (p *port) plainWanted(ckn string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Sub(p.ears.plain[ckn]) <= silence
}

// heard answers when a key was proved last, and since when it was without a gap.
func (p *port) heard(ckn string) (last, began time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ears.proved[ckn], p.ears.began[ckn]
}
