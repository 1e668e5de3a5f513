package diagram

import "slices"

// Health is how well something is, in the few ways that a picture can tell apart. Each has a colour, a shape and a sign, so
// that no two differ in colour alone.
type Health string

const (
	Up      Health = "up"
	Weak    Health = "weak"    // in service with less than it should have
	Testing Health = "testing" // taken out of service on purpose
	Waiting Health = "waiting" // for somebody, or to be set up
	Ending  Health = "ending"
	Unknown Health = "unknown" // its router does not answer
	Down    Health = "down"
	Untold  Health = "untold" // not this account's to know, or without a state of its own
)

// urgency orders healths, what one looks at first being first.
var urgency = []Health{Down, Unknown, Weak, Testing, Waiting, Ending, Up, Untold}

func (h Health) rank() int { return slices.Index(urgency, h) }

// healths is the health of every state of the API.
var healths = map[string]Health{
	"": Untold,

	"available": Up, "associated": Up,
	"ordering": Waiting, "requested": Waiting, "pending": Waiting, "confirming": Waiting, "verifying": Waiting,
	"associating": Waiting, "updating": Waiting,
	"testing":  Testing,
	"deleting": Ending, "deleted": Ending, "disassociating": Ending, "disassociated": Ending, "rejected": Ending,
	"unknown": Unknown,
	"down":    Down,
}

// HealthOf is the health of what is in a state, by the state's name in the API. Of a state that is not known it is Unknown.
func HealthOf(state string) Health {
	if h, ok := healths[state]; ok {
		return h
	}
	return Unknown
}

// weakWord is what the picture calls something that is available, but weak.
const weakWord = "impaired"

// word is what the picture calls a state.
func word(state string, h Health) string {
	if h == Weak {
		return weakWord
	}
	return state
}

// together is the health of what stands for several: of all if they agree, weak if some are up, otherwise the most urgent.
func together(a, b Health) Health {
	switch {
	case a == b, b == Untold:
		return a
	case a == Untold:
		return b
	case a == Up || b == Up || a == Weak || b == Weak:
		return Weak
	case a.rank() < b.rank():
		return a
	}
	return b
}
