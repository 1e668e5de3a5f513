package controlplane

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onramp/internal/audit"
)

// memory keeps the newest checkpoint for as long as a test lasts.
type memory struct {
	mark   audit.Mark
	broken error
}

func (m *memory) Read() (audit.Mark, error)  { return m.mark, m.broken }
func (m *memory) Keep(mark audit.Mark) error { m.mark = mark; return nil }
func (m *memory) String() string             { return "the memory" }

// cuts are what an intruder does who has the database alone, so that the trail is in itself whole again. The last of the
// sealed records is the fiftieth.
var cuts = map[string][]string{
	"the newest checkpoint and its records": {
		"DELETE FROM audit_checkpoint WHERE number = 5", "DELETE FROM audit_record WHERE position > 40", "DELETE FROM audit_resource WHERE position > 40",
		"UPDATE audit_chain SET last = 40, hash = (SELECT hash FROM audit_record WHERE position = 40)",
	},
	"all checkpoints, and most records": {
		"DELETE FROM audit_checkpoint", "DELETE FROM audit_record WHERE position > 10", "DELETE FROM audit_resource WHERE position > 10",
		"UPDATE audit_chain SET last = 10, hash = (SELECT hash FROM audit_record WHERE position = 10)",
	},
	"everything": {"DELETE FROM audit_checkpoint", "DELETE FROM audit_record", "DELETE FROM audit_resource", "DELETE FROM audit_chain"},
}

// Whoever has the database alone can cut the end of the trail with the checkpoints over it. What the trail cannot tell of
// itself, what is kept elsewhere does: what the server remembers, and what a colleague wrote down.
func TestAuditCutWithItsCheckpoints(t *testing.T) {
	t.Parallel()
	onTamperedEngines(t, func(x *tamperer) {
		kept := &memory{}
		x.Checkpoints = kept
		for range 5 {
			x.record(10)
			x.sealed()
			if behind, err := x.RememberAudit(x.t.Context()); behind != "" || err != nil {
				x.t.Fatalf("behind: %q, %v", behind, err)
			}
		}
		report, err := x.VerifyAudit(x.t.Context(), kept.mark)
		if err != nil || len(report.Findings) > 0 || report.Checkpoint != 5 || kept.mark.Number != 5 || report.Digest != kept.mark.Digest {
			x.t.Fatalf("before: %+v, %v, kept %v", report, err, kept.mark)
		}
		written := kept.mark
		for what, statements := range cuts {
			x.Checkpoints = nil
			if found := x.while(statements...); len(found) > 0 {
				x.t.Errorf("%s: the trail alone is to look whole, or this shows nothing: %q", what, found)
			}
			x.Checkpoints = kept
			if found := x.while(statements...); !telling(found, "checkpoint 5, which the memory holds, is missing") {
				x.t.Errorf("%s, remembered: %q", what, found)
			}
			x.Checkpoints = nil
			x.expected = []audit.Mark{written}
			if found := x.while(statements...); !telling(found, "checkpoint 5 is missing") {
				x.t.Errorf("%s, written down: %q", what, found)
			}
			x.expected = nil
		}
		x.expected = []audit.Mark{{Number: 5, Digest: strings.Repeat("0", 64)}}
		if found := x.verify(); !telling(found, "checkpoint 5 is another") {
			x.t.Errorf("another digest: %q", found)
		}
	})
}

func (x *tamperer) sealed() {
	x.t.Helper()
	if c, err := x.CheckpointAudit(x.t.Context(), 0); err != nil || c.Number == 0 {
		x.t.Fatalf("no checkpoint: %+v, %v", c, err)
	}
}

// A server that goes on with a trail that was cut keeps what it remembers, though the new checkpoints get as far.
func TestAuditGoesOnAfterACut(t *testing.T) {
	t.Parallel()
	onTamperedEngines(t, func(x *tamperer) {
		kept := &memory{}
		x.Checkpoints = kept
		remember := func() string {
			x.t.Helper()
			behind, err := x.RememberAudit(x.t.Context())
			if err != nil {
				x.t.Fatal(err)
			}
			return behind
		}
		for range 5 {
			x.record(10)
			x.sealed()
		}
		if behind := remember(); behind != "" || kept.mark.Number != 5 {
			x.t.Fatalf("behind %q, kept %v", behind, kept.mark)
		}
		last := kept.mark
		for _, statement := range cuts["the newest checkpoint and its records"] {
			x.exec(statement)
		}
		for n, problem := range []string{"is missing", "is another", "is another"} {
			if behind := remember(); !strings.Contains(behind, "checkpoint 5, which the memory holds, "+problem) || kept.mark != last {
				x.t.Errorf("after %d more checkpoints: %q, kept %v", n, behind, kept.mark)
			}
			x.record(10)
			x.sealed()
		}
		if found := x.verify(); !telling(found, "checkpoint 5, which the memory holds, is another") {
			x.t.Errorf("verified: %q", found)
		}
		kept.broken = errors.New("no such thing")
		if behind := remember(); !strings.Contains(behind, "no such thing") {
			x.t.Errorf("unreadable: %q", behind)
		}
		if found := x.verify(); !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, "no such thing") }) {
			x.t.Errorf("verified with what cannot be read: %q", found)
		}
	})
}

// A checkpoint that was kept and has been removed since, as it was older than the trail is kept, is nothing wrong.
func TestAuditRemembersWhatWasRemoved(t *testing.T) {
	t.Parallel()
	onTamperedEngines(t, func(x *tamperer) {
		kept := &memory{}
		x.Checkpoints = kept
		x.record(3)
		x.sealed()
		if behind, err := x.RememberAudit(x.t.Context()); behind != "" || err != nil {
			x.t.Fatal(behind, err)
		}
		x.record(30)
		x.sealed()
		x.KeepAudit = 15 * time.Minute
		if _, err := x.PruneAudit(x.t.Context(), x.KeepAudit); err != nil {
			x.t.Fatal(err)
		}
		if found := x.verify(); found != nil {
			x.t.Errorf("verified: %q", found)
		}
		behind, err := x.RememberAudit(x.t.Context())
		if behind != "" || err != nil || kept.mark.Number < 3 {
			x.t.Errorf("behind %q, %v, kept %v", behind, err, kept.mark)
		}
		x.exec(fmt.Sprintf("DELETE FROM audit_checkpoint WHERE number >= %d", kept.mark.Number))
		x.record(20)
		if found := x.verify(); !telling(found, fmt.Sprintf("checkpoint %d, which the memory holds, is missing", kept.mark.Number)) {
			x.t.Errorf("and a newest one that was cut is, however old: %q", found)
		}
	})
}
