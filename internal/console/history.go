package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/controlplane"
)

// historyOf is what the audit trail has of a resource, for its own account.
func (v *visit) historyOf(ids ...string) section {
	s := section{ID: "history", Title: "History"}
	var all []recorded
	for _, id := range ids {
		found, err := v.changesOf(id)
		if err != nil {
			s.Empty = told(err)
			return s
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b recorded) int {
		return cmp.Or(cmp.Compare(b.link.Time, a.link.Time), cmp.Compare(b.link.Position, a.link.Position))
	})
	all = slices.CompactFunc(all, func(a, b recorded) bool { return a.link.Position == b.link.Position })
	s.Table = history(all, v.Who.Account)
	s.Table.Rows = s.Table.Rows[:min(len(s.Table.Rows), historyLength)]
	return s
}

const (
	historyLength = 50  // rows on a page
	historyBatch  = 200 // that are read at once
	historyReach  = 5   // batches that are looked through for records of more than reading
)

// recorded is a record of the audit trail with what it says.
type recorded struct {
	link    audit.Link
	summary audit.Summary
}

// changes are those of records that can be read and tell of more than that something was looked at.
func changes(records []audit.Link) (all []recorded) {
	for _, l := range records {
		if controlplane.IsRead(l.Name) {
			continue
		}
		if s, err := audit.Summarize(l.Body); err == nil {
			all = append(all, recorded{l, s})
		}
	}
	return all
}

// changesOf are the newest changes of a resource.
func (v *visit) changesOf(id string) (all []recorded, err error) {
	done := 0
	q := controlplane.AuditQuery{Account: v.Who.Account, Resource: id, Newest: true, Limit: historyBatch}
	for range historyReach {
		found, err := v.console.Service.AuditRecords(v.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, r := range changes(found) {
			if v.others(r) || done == historyLength {
				continue
			}
			all = append(all, r)
			if r.summary.ErrorCode == "" { // tries that were refused do not push out what was done
				done++
			}
		}
		if len(found) < historyBatch || done == historyLength {
			break
		}
		last := found[len(found)-1]
		q.After = controlplane.AuditCursor{Time: last.Time, Position: last.Position}
	}
	return all, nil
}

// others reports a record of what another account or the operator has done: who of theirs that was is not for the visitor.
// What became of it has a record of its own, but for what another account has made for the visitor's: of that the record is
// shown without the one who asked.
func (v *visit) others(r recorded) bool {
	if r.link.Account == v.Who.Account {
		return strings.Contains(r.link.Name, " /") // a route, so an operator's move
	}
	return maker[r.link.Name] == "" || r.summary.ErrorCode != "" // what it tried in vain is its own affair
}

// maker is who makes something for another account, as that knows them, by the operation.
var maker = map[string]string{
	"AllocateConnectionOnInterconnect": "the partner", "AllocateHostedConnection": "the partner",
	"AllocatePrivateVirtualInterface": "the connection's owner", "AllocatePublicVirtualInterface": "the connection's owner",
	"AllocateTransitVirtualInterface": "the connection's owner",
}

// history shows records of the audit trail, the newest first, to an account (empty: to operators). The same try, refused again
// and again, is one row.
func history(records []recorded, account string) *table {
	t := &table{Caption: "What happened, the newest first", Head: []string{"When", "What", "State", "By", "Why"}, Empty: "Nothing is recorded yet."}
	var last audit.Summary // of the row before
	tries := 0
	for _, r := range records {
		s, at := r.summary, when(time.UnixMicro(r.link.Time))
		if s.ErrorCode != "" && sameTry(s, last) {
			tries++
			t.Rows[len(t.Rows)-1][2].Note = plural(tries, "time", "times") + " since " + at
			continue
		}
		last, tries = s, 1
		row := historyRow(s, at)
		if account != "" && s.Account != account {
			row[3] = plain(maker[s.Name])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// sameTry reports whether the same was refused to the same in the same words.
func sameTry(a, b audit.Summary) bool {
	return a.Name == b.Name && a.Identity == b.Identity && a.ErrorCode == b.ErrorCode && a.ErrorMessage == b.ErrorMessage
}

func historyRow(s audit.Summary, at string) []cell {
	row := []cell{plain(at), plain(s.Name), stateOf(s), plain(actor(s)), plain(s.Details.Reason)}
	if s.ErrorCode != "" {
		row[2] = plain("refused")
		row[4] = cell{Text: s.ErrorMessage, Note: s.ErrorCode}
	}
	return row
}

// actor is recordedBy as the account says it.
func actor(s audit.Summary) string {
	if by := recordedBy(s); by != "root" {
		return by
	}
	return "the account"
}
