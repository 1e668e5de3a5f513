package store

import (
	"time"

	"onramp/internal/audit"
	"onramp/internal/directconnect"
)

// trail puts a change of state into the audit trail, whoever makes it: the reconciler, a call or the operator. A new noun
// has not changed (From is empty); the record of the call that made it says how it began. The records of changes stand behind
// that of the request that made them.
func (tx *Tx) trail(c audit.Change) {
	if tx.untrailed || c.From == "" || c.From == c.To {
		return
	}
	c.Time = tx.now()
	if c.Partition == "" {
		c.Partition = directconnect.PartitionOf(c.Region)
	}
	tx.changes = append(tx.changes, c)
}

// finishTrail records the changes of the transaction, none as earlier than the request's record that it stands behind: lists
// and exports go by time.
func (tx *Tx) finishTrail() error {
	var request time.Time
	if n := len(tx.entries); n > 0 {
		request = time.UnixMicro(tx.entries[n-1].Time)
	}
	for _, c := range tx.changes {
		if c.Time.Before(request) {
			c.Time = request
		}
		if err := tx.Record(c.Entry()); err != nil {
			return err
		}
	}
	tx.changes = nil
	return nil
}

// trailPeer is trail for what has changed of a BGP session of an interface.
func (tx *Tx) trailPeer(v *directconnect.VirtualInterface, before peerStanding, p directconnect.BGPPeer) {
	c := audit.Change{Kind: audit.Other, ID: p.ID, Account: v.Account, Region: v.Region, Reason: p.Reason}
	if before.state != string(p.State) {
		c.Name, c.From, c.To = "BgpPeerStateChange", before.state, string(p.State)
		tx.trail(c)
	}
	if before.status != p.Status() {
		c.Name, c.From, c.To = "BgpPeerStatusChange", before.status, p.Status()
		tx.trail(c)
	}
}
