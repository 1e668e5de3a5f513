package directconnect

import (
	"slices"
	"time"
)

// PrefixHold is how long a session that exceeded its prefix limit is kept shut before it is tried again. The customer's
// routes are counted anew then: a session that still announces too many is shut for as long again. An operator may try it
// earlier (Reenable), and a larger share of the prefix pool does.
const PrefixHold = 15 * time.Minute

// releases is when the session is tried again; zero: it is not held.
func (p BGPPeer) releases() time.Time {
	if p.Held.IsZero() {
		return time.Time{}
	}
	return p.Held.Add(PrefixHold)
}

// follow takes over what was seen of an available peer's session (there: the router has it) and answers when to look
// again. While it is held the reason stays the one that it is held for.
func (p *BGPPeer) follow(s SeenSession, there bool, now time.Time) time.Time {
	p.turn(s.Up, now)
	p.Readable = true
	switch at := p.releases(); {
	case s.OverLimit && p.Held.IsZero():
		p.Held, p.Reason = now, s.Reason
		return now // for the router to be told to keep it shut
	case !at.IsZero() && now.Before(at):
		return at
	case !at.IsZero():
		p.Held = time.Time{}
		return now // for the router to be told to try it
	case !there:
		p.Reason = "not configured"
	default:
		p.Reason = s.Reason
	}
	return time.Time{}
}

// turn notes that the session is up, or down.
func (p *BGPPeer) turn(up bool, now time.Time) {
	if p.Up != up {
		p.Up, p.Since = up, now
	}
}

// Reenable tries the named session again, or all of them (empty), that are kept shut because of their prefix limit.
func (v VirtualInterface) Reenable(peerID string, now time.Time) (VirtualInterface, error) {
	if err := v.mustWork(); err != nil {
		return v, err
	}
	if peerID != "" && !slices.ContainsFunc(v.livePeers(), func(p BGPPeer) bool { return p.ID == peerID }) {
		return v, Clientf("The BGP Peer %s does not exist on Virtual Interface %s.", peerID, v.ID)
	}
	v = v.releaseHeld(peerID)
	v.Due = now
	return v, nil
}

func (v VirtualInterface) releaseHeld(peerID string) VirtualInterface {
	v.Peers = slices.Clone(v.Peers)
	for i := range v.Peers {
		if peerID == "" || v.Peers[i].ID == peerID {
			v.Peers[i].Held = time.Time{}
		}
	}
	return v
}
