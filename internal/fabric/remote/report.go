package remote

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote/wire"
)

// Report is what an agent has and how its router is doing, in short.
type Report struct {
	Sequence    uint64 // of the order that it has; 0: none
	Fingerprint fabric.Fingerprint
	Digest      []byte   // of what it observes
	Drift       []string // names of what does not look as it should although it was told again
	Waiting     bool     // for its operator to accept the first plan
	Repairs     uint64   // how often something was found changed and was put right, since the agent started
	Repaired    []string // names of what that was the last time
}

// Equal leaves out nothing.
func (r Report) Equal(o Report) bool {
	return r.Sequence == o.Sequence && r.Fingerprint == o.Fingerprint && r.Waiting == o.Waiting && r.Repairs == o.Repairs &&
		bytes.Equal(r.Digest, o.Digest) && slices.Equal(r.Drift, o.Drift) && slices.Equal(r.Repaired, o.Repaired)
}

func encodeReport(r Report) *wire.Report {
	return &wire.Report{
		Sequence: r.Sequence, Fingerprint: r.Fingerprint[:], Digest: r.Digest, Waiting: r.Waiting,
		Drift: texts(r.Drift), Repairs: r.Repairs, Repaired: texts(r.Repaired),
	}
}

// texts makes names such that the wire carries them: UTF-8.
func texts(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = strings.ToValidUTF8(name, "\uFFFD")
	}
	return out
}

func decodeReport(m *wire.Report) Report {
	r := Report{
		Sequence: m.GetSequence(), Digest: m.GetDigest(), Waiting: m.GetWaiting(),
		Drift: m.GetDrift(), Repairs: m.GetRepairs(), Repaired: m.GetRepaired(),
	}
	copy(r.Fingerprint[:], m.GetFingerprint())
	return r
}

// outcomes are the errors that mean something on the other side too.
var outcomes = []struct {
	err     error
	outcome wire.Outcome
}{
	{ErrStale, wire.Outcome_OUTCOME_STALE},
	{ErrWaiting, wire.Outcome_OUTCOME_WAITING},
	{fabric.ErrInvalid, wire.Outcome_OUTCOME_INVALID},
	{fabric.ErrUnreachable, wire.Outcome_OUTCOME_UNREACHABLE},
	{fabric.ErrIncomplete, wire.Outcome_OUTCOME_INCOMPLETE},
}

// longestMessage bounds what an error says, in bytes.
const longestMessage = 4096

// classify is how an error travels.
func classify(err error) (wire.Outcome, string) {
	text := err.Error()
	text = strings.ToValidUTF8(text[:min(len(text), longestMessage)], "\uFFFD")
	for _, o := range outcomes {
		if errors.Is(err, o.err) {
			return o.outcome, text
		}
	}
	return wire.Outcome_OUTCOME_FAILED, text
}
