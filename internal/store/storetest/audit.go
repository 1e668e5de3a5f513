package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/audit"
	"onramp/internal/store"
)

var auditTests = map[string]test{
	"AuditAtomic":      auditAtomic,
	"AuditQueries":     auditQueries,
	"AuditConcerned":   auditConcerned,
	"AuditPurge":       auditPurge,
	"AuditCheckpoints": auditCheckpoints,
	"AuditReadOnly":    auditReadOnly,
	"TrailOfNouns":     trailOfNouns,
	"TrailLeft":        trailLeft,
	"TrailBehind":      trailBehind,
}

// auditBegin is the time of the first record.
var auditBegin = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// auditEntry is a record, told apart by its number, that n seconds have passed before.
func auditEntry(n int, account, name string, resources ...string) audit.Entry {
	return audit.Entry{
		Time: auditBegin.Add(time.Duration(n) * time.Second).UnixMicro(), Account: account, Name: name, Resources: resources,
		Body: fmt.Sprintf(`{"n":%d}`, n),
	}
}

func putAudit(t *testing.T, s *store.Store, entries ...audit.Entry) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		for _, e := range entries {
			if err := tx.Record(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func auditBodies(t *testing.T, s *store.Store, q store.AuditQuery) (found []string) {
	t.Helper()
	err := s.View(t.Context(), func(tx *store.Tx) error {
		links, err := tx.AuditRecords(q)
		found = nil
		for _, l := range links {
			found = append(found, strings.TrimSuffix(strings.TrimPrefix(l.Body, `{"n":`), "}"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wholeTrail fails the test unless every chain is whole and has, with the others, so many records.
func wholeTrail(t *testing.T, s *store.Store, want int) {
	t.Helper()
	records := 0
	var findings []audit.Finding
	err := s.View(t.Context(), func(tx *store.Tx) error {
		records, findings = 0, nil
		heads, err := tx.AuditHeads()
		if err != nil {
			return err
		}
		for _, h := range heads {
			links, err := tx.AuditChain(h.Chain, audit.At(h.Chain, 0)-1, 0)
			if err != nil {
				return err
			}
			check := audit.NewCheck(h)
			for _, l := range links {
				check.Take(l)
			}
			records += len(links)
			findings = append(findings, check.End()...)
		}
		strays, err := tx.AuditStrays(100)
		findings = append(findings, strays...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if records != want || len(findings) > 0 {
		t.Errorf("%d records, want %d; findings: %v", records, want, findings)
	}
}

func auditAtomic(t *testing.T, s *store.Store) {
	putAudit(t, s, auditEntry(1, "1", "A"), auditEntry(2, "1", "A"))
	refused := errors.New("refused")
	var wg sync.WaitGroup
	for n := range 40 {
		wg.Go(func() {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				if err := tx.Record(auditEntry(10+n, "1", "B")); err != nil {
					return err
				}
				if err := tx.PutSetting("n", fmt.Sprint(n)); err != nil {
					return err
				}
				if n%2 == 0 {
					return refused
				}
				return nil
			})
			if n%2 == 0 && !errors.Is(err, refused) || n%2 == 1 && err != nil {
				t.Errorf("Update %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	if got := len(auditBodies(t, s, store.AuditQuery{Name: "B"})); got != 20 {
		t.Errorf("%d records of the transactions that were committed, want 20", got)
	}
	wholeTrail(t, s, 22)
}

func auditQueries(t *testing.T, s *store.Store) {
	putAudit(t, s,
		auditEntry(1, "1", "A", "x"), auditEntry(2, "2", "A", "x", "y", "x"), auditEntry(3, "1", "B"), auditEntry(4, "2", "B", "y"),
		auditEntry(4, "1", "A", "z"))
	at := func(n int) time.Time { return auditBegin.Add(time.Duration(n) * time.Second) }
	for name, c := range map[string]struct {
		q    store.AuditQuery
		want []string
	}{
		"all":               {store.AuditQuery{}, []string{"1", "2", "3", "4", "4"}},
		"account":           {store.AuditQuery{Account: "1"}, []string{"1", "3", "4"}},
		"name":              {store.AuditQuery{Name: "B"}, []string{"3", "4"}},
		"resource":          {store.AuditQuery{Resource: "x"}, []string{"1", "2"}},
		"resource, account": {store.AuditQuery{Resource: "x", Account: "2"}, []string{"2"}},
		"since":             {store.AuditQuery{Since: at(3)}, []string{"3", "4", "4"}},
		"until":             {store.AuditQuery{Until: at(3)}, []string{"1", "2"}},
		"newest":            {store.AuditQuery{Newest: true, Limit: 3}, []string{"4", "4", "3"}},
		"resource, newest":  {store.AuditQuery{Newest: true, Resource: "y"}, []string{"4", "2"}},
		"other case":        {store.AuditQuery{Resource: "X"}, nil},
	} {
		if diff := cmp.Diff(c.want, auditBodies(t, s, c.q)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, newest := range []bool{false, true} {
		var paged []string
		q := store.AuditQuery{Limit: 1, Newest: newest}
		for {
			var page []audit.Link
			err := s.View(t.Context(), func(tx *store.Tx) (err error) {
				page, err = tx.AuditRecords(q)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged = append(paged, page[0].Body)
			q.After = store.AuditCursor{Time: page[0].Time, Position: page[0].Position}
		}
		if len(paged) != 5 {
			t.Errorf("newest %t: %d records page by page, want 5: %v", newest, len(paged), paged)
		}
	}
	wholeTrail(t, s, 5)
}

// auditConcerned: an account finds its own records and those that name it, in one order and each once.
func auditConcerned(t *testing.T, s *store.Store) {
	putAudit(t, s,
		auditEntry(1, "1", "A", "x"), auditEntry(2, "2", "A", "x", "1"), auditEntry(3, "", "B", "y", "1", "2"), auditEntry(4, "1", "B", "1", "y"),
		auditEntry(5, "2", "A", "y"), auditEntry(6, "1", "A", "y"))
	at := func(n int) time.Time { return auditBegin.Add(time.Duration(n) * time.Second) }
	for name, c := range map[string]struct {
		q    store.AuditQuery
		want []string
	}{
		"one":              {store.AuditQuery{Account: "1"}, []string{"1", "2", "3", "4", "6"}},
		"the other":        {store.AuditQuery{Account: "2"}, []string{"2", "3", "5"}},
		"nobody":           {store.AuditQuery{Account: "3"}, nil},
		"newest":           {store.AuditQuery{Account: "1", Newest: true}, []string{"6", "4", "3", "2", "1"}},
		"resource":         {store.AuditQuery{Account: "1", Resource: "x"}, []string{"1", "2"}},
		"resource, newest": {store.AuditQuery{Account: "1", Resource: "y", Newest: true}, []string{"6", "4", "3"}},
		"name":             {store.AuditQuery{Account: "1", Name: "B"}, []string{"3", "4"}},
		"times":            {store.AuditQuery{Account: "1", Since: at(2), Until: at(4)}, []string{"2", "3"}},
		"first":            {store.AuditQuery{Account: "1", Limit: 2}, []string{"1", "2"}},
		"newest two":       {store.AuditQuery{Account: "1", Limit: 2, Newest: true}, []string{"6", "4"}},
	} {
		if diff := cmp.Diff(c.want, auditBodies(t, s, c.q)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	wholeTrail(t, s, 6)
}

func purgeAudit(t *testing.T, s *store.Store, before, most int) error {
	t.Helper()
	return s.Update(t.Context(), func(tx *store.Tx) error {
		heads, err := tx.AuditHeads()
		for _, h := range heads {
			if _, err := tx.PurgeAudit(h.Chain, auditBegin.Add(time.Duration(before)*time.Second), most); err != nil {
				return err
			}
		}
		return err
	})
}

func auditPurge(t *testing.T, s *store.Store) {
	for n := range 10 {
		putAudit(t, s, auditEntry(n, "1", "A", "x", fmt.Sprintf("r%d", n)))
	}
	if err := purgeAudit(t, s, 4, 3); err != nil {
		t.Fatal(err)
	}
	wholeTrail(t, s, 7)
	if err := purgeAudit(t, s, 4, 3); err != nil {
		t.Fatal(err)
	}
	wholeTrail(t, s, 6)
	if diff := cmp.Diff([]string{"4", "5", "6", "7", "8", "9"}, auditBodies(t, s, store.AuditQuery{Resource: "x"})); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
	putAudit(t, s, auditEntry(11, "1", "A"))
	if err := purgeAudit(t, s, 100, 100); err != nil {
		t.Fatal(err)
	}
	wholeTrail(t, s, 0)
	putAudit(t, s, auditEntry(12, "1", "A"))
	wholeTrail(t, s, 1)
}

func auditCheckpoints(t *testing.T, s *store.Store) {
	put := func(n int64) error {
		c := audit.Checkpoint{Number: n, Time: auditBegin.Add(time.Duration(n) * time.Hour).UnixMicro()}
		return s.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PutAuditCheckpoint(store.SealedCheckpoint{Checkpoint: c, Text: c.Text(), Sealed: "sealed"})
		})
	}
	for n := range int64(3) {
		if err := put(n + 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := put(3); !errors.Is(err, store.ErrTaken) {
		t.Errorf("a second checkpoint 3: %v, want ErrTaken", err)
	}
	numbers := func() (all []int64) {
		err := s.View(t.Context(), func(tx *store.Tx) error {
			found, err := tx.AuditCheckpoints(10)
			all = nil
			for _, c := range found {
				all = append(all, c.Number)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if diff := cmp.Diff([]int64{3, 2, 1}, numbers()); diff != "" {
		t.Errorf("checkpoints (-want +got):\n%s", diff)
	}
	one := func(number int64) (c store.SealedCheckpoint, err error) {
		err = s.View(t.Context(), func(tx *store.Tx) (err error) {
			c, err = tx.AuditCheckpoint(number)
			return err
		})
		return c, err
	}
	if c, err := one(2); err != nil || c.Number != 2 || c.Sealed != "sealed" || !strings.HasPrefix(c.Text, "2 ") {
		t.Errorf("checkpoint 2: %+v, %v", c, err)
	}
	if _, err := one(4); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("checkpoint 4: %v, want ErrNotFound", err)
	}
	for before, want := range map[int][]int64{2: {3, 2}, 9: {3}} {
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			return tx.PurgeAuditCheckpoints(auditBegin.Add(time.Duration(before) * time.Hour))
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := numbers(); len(got) > len(want) {
			t.Errorf("checkpoints after %d hours: %v, want %v", before, got, want)
		}
	}
}

func auditReadOnly(t *testing.T, s *store.Store) {
	if err := s.View(t.Context(), func(tx *store.Tx) error { return tx.Record(auditEntry(1, "1", "A")) }); err == nil {
		t.Error("View wrote a record")
	}
}

// auditShared has two servers record at the same time: each chain stays whole, and no record is lost.
func auditShared(t *testing.T, a, b *store.Store) {
	const writers, each = 8, 40
	var wg sync.WaitGroup
	for w := range writers {
		s := a
		if w%2 == 1 {
			s = b
		}
		wg.Go(func() {
			for n := range each {
				err := s.Update(context.WithoutCancel(t.Context()), func(tx *store.Tx) error {
					if err := tx.PutSetting(fmt.Sprintf("audit-%d", w), fmt.Sprint(n)); err != nil {
						return err
					}
					return tx.Record(auditEntry(n, fmt.Sprint(w), "A", fmt.Sprintf("r%d-%d", w, n)))
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	wg.Wait()
	wholeTrail(t, a, writers*each)
	for w := range writers {
		if got := len(auditBodies(t, b, store.AuditQuery{Account: fmt.Sprint(w)})); got != each {
			t.Errorf("writer %d: %d records, want %d", w, got, each)
		}
	}
}
