package mka

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"onramp/internal/fabric"
)

// ears are what was heard from the far end of a port.
type ears struct {
	keys     []fabric.Key
	proved   map[string]time.Time // by CKN: a hello that its CAK was needed for
	began    map[string]time.Time // by CKN: the first of those without a gap
	wrong    map[string]time.Time // by CKN: a hello with one of our CKNs and another CAK
	plain    time.Time            // a proved hello that wanted frames without MACsec
	stranger string               // CKN that is none of ours
	strange  time.Time
}

// know replaces the keys that are listened for.
func (e *ears) know(keys []fabric.Key) {
	e.keys = keys
	if e.proved == nil {
		e.proved, e.began, e.wrong = map[string]time.Time{}, map[string]time.Time{}, map[string]time.Time{}
	}
	for _, heard := range []map[string]time.Time{e.proved, e.began, e.wrong} {
		maps.DeleteFunc(heard, func(ckn string, _ time.Time) bool {
			return !slices.ContainsFunc(keys, func(k fabric.Key) bool { return k.CKN == ckn })
		})
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
		e.proved[k.CKN] = now
		if !m.desired {
			news = news || now.Sub(e.plain) > silence
			e.plain = now
		}
		return news
	}
	e.stranger, e.strange = m.ckn, now
	return false
}

// why says what keeps the port from being secured with the key current.
func (e *ears) why(current string, now time.Time) string {
	lately := func(t time.Time) bool { return now.Sub(t) <= present }
	switch {
	case lately(e.proved[current]):
		return "being agreed"
	case lately(e.wrong[current]):
		return "the far end has another CAK under CKN " + current
	}
	for _, k := range e.keys {
		switch {
		case lately(e.proved[k.CKN]):
			return "the far end uses CKN " + k.CKN
		case lately(e.wrong[k.CKN]):
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

// plainWanted reports whether the far end wants frames without MACsec.
func (p *port) plainWanted(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Sub(p.ears.plain) <= silence
}

// heard answers copies of when which key was proved last, and since when.
func (p *port) heard() (last, began map[string]time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.ears.proved), maps.Clone(p.ears.began)
}
