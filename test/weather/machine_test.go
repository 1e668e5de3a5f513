package weather

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// machine runs one random sequence on one plant, beside the model.
type machine struct {
	*plant
	rt     *rapid.T
	model  model
	tables []string

	stored []string // the dump after the step before
	seen   snapshot // what was stored after the step before
	calls  map[string]*tally
}

// tally counts how an operation was answered, over all sequences.
type tally struct{ answered, refused int }

// paces are weighted: with the faster ones more happens.
var paces = []directconnect.Pace{
	directconnect.Instant, directconnect.Instant, directconnect.Instant, directconnect.Brisk, directconnect.Brisk, directconnect.Realistic, directconnect.Manual,
}

func newMachine(rt *rapid.T, p *plant, calls map[string]*tally) *machine {
	m := &machine{plant: p, rt: rt, model: model{signed: map[string]bool{}}, calls: calls}
	m.pace = pick(rt, "pace", paces)
	p.service.Pace = m.pace
	rt.Logf("pace %s", m.pace.Name)
	var err error
	if m.tables, err = ours(p.ctx, p.raw, p.store.Engine()); err != nil {
		rt.Fatal(err)
	}
	m.stored, m.seen = m.dump(), m.look()
	return m
}

func (m *machine) dump() []string {
	lines, err := dump(m.ctx, m.raw, m.tables)
	if err != nil {
		m.rt.Fatal(err)
	}
	return lines
}

func (m *machine) look() snapshot {
	snap, err := look(m.ctx, m.store)
	if err != nil {
		m.rt.Fatal(err)
	}
	return snap
}

// readOnly reports whether an operation may write nothing even when it succeeds. Fetching a LOA-CFA is recorded.
func readOnly(operation string) bool {
	if strings.HasPrefix(operation, "Get") || strings.HasPrefix(operation, "List") {
		return true
	}
	return strings.HasPrefix(operation, "Describe") && !strings.HasSuffix(operation, "Loa")
}

// call runs an operation through the operation table as the wire does. ok is false when it was refused: then nothing is
// stored otherwise than before.
func call[Out any](m *machine, name string, who controlplane.Caller, in any) (out *Out, ok bool) {
	m.rt.Helper()
	operation, found := m.service.Lookup(name)
	if !found {
		m.fatalf("operation %s is not in the table", name)
	}
	answer, err := operation.Call(controlplane.WithCaller(m.ctx, who), in)
	if m.calls[name] == nil {
		m.calls[name] = &tally{}
	}
	if err == nil {
		m.calls[name].answered++
	} else {
		m.calls[name].refused++
	}
	m.rt.Logf("%s %s/%s %s -> %s", name, who.Account, who.Region, wire(in), outcome(answer, err))
	if err != nil || readOnly(name) {
		m.unchanged(name)
	}
	if err != nil {
		wireError := controlplane.WireError(m.ctx, err)
		if wireError.Type == "DirectConnectServerException" {
			m.fatalf("%s: a fault of the server: %v", name, err)
		}
		return nil, false
	}
	if _, err := awsjson.Append(nil, answer); err != nil {
		m.fatalf("%s: the answer cannot be written: %v", name, err)
	}
	return answer.(*Out), true
}

// move runs an operator's move; one that was refused has changed nothing.
func (m *machine) move(name string, id string, f func() (directconnect.Connection, error)) (directconnect.Connection, bool) {
	m.rt.Helper()
	c, err := f()
	m.rt.Logf("%s %s -> %s %v", name, id, c.State, err)
	if err == nil {
		return c, true
	}
	if _, refused := errors.AsType[*controlplane.Refusal](err); !refused {
		m.fatalf("%s %s: a fault of the server: %v", name, id, err)
	}
	m.unchanged(name)
	return c, false
}

// unchanged fails unless everything stored is as it was after the step before.
func (m *machine) unchanged(step string) {
	m.rt.Helper()
	if after := m.dump(); !slices.Equal(m.stored, after) {
		m.fatalf("%s changed\n%s", step, changes(m.stored, after))
	}
}

// settled checks every law after a step. forced tells that operators or time had a hand in it.
func (m *machine) settled(forced bool) {
	m.rt.Helper()
	now := m.look()
	var broken []string
	say := func(format string, args ...any) { broken = append(broken, sprintf(format, args...)) }
	if forced {
		m.model.time(now, m.clock.now())
		m.model.forget(now, m.seen, m.clock.now())
	}
	laws(m.seen, now, forced, say)
	trafficLaws(m.seen, now, forced, say)
	lawOfQuotas(now, say)
	m.model.compare(now, say)
	m.model.compareTraffic(now, say)
	m.judge(broken)
	m.stored, m.seen = m.dump(), now
	m.clock.turn(time.Millisecond)
}

// judge ends the sequence if a law was broken.
func (m *machine) judge(broken []string) {
	m.rt.Helper()
	if len(broken) > 0 {
		slices.Sort(broken)
		m.fatalf("%s", strings.Join(broken, "\n"))
	}
}

// random is what differs each time that the same sequence is run.
var random = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|dxrg-[a-z0-9]{17}|dx(con|lag|vif|peer)-[a-z0-9]{8}|-[A-Za-z0-9]{6}\b|` +
	`169\.254(\.[0-9]+)+|192\.168(\.[0-9]+)+|fd[0-9a-f]{2}:[0-9a-f:]+`)

// fatalf ends the sequence. The text is logged; the error itself is without what is random, so that the library knows the
// failure again while it makes the sequence shorter.
func (m *machine) fatalf(format string, args ...any) {
	m.rt.Helper()
	text := sprintf(format, args...)
	m.rt.Log(text)
	m.rt.Fatal(random.ReplaceAllString(text, "#"))
}

// step makes an action of what one customer does.
func (m *machine) step(f func()) func(*rapid.T) { return m.action(false, f) }

// force makes an action of what operators or time do.
func (m *machine) force(f func()) func(*rapid.T) { return m.action(true, f) }

func (m *machine) action(forced bool, f func()) func(*rapid.T) {
	return func(rt *rapid.T) {
		m.rt = rt
		f()
		m.settled(forced)
	}
}

// actions are all that can happen in a sequence: every built operation under its own name, and the weather.
func (m *machine) actions() map[string]func(*rapid.T) {
	all := map[string]func(*rapid.T){}
	for _, some := range []map[string]func(*rapid.T){
		m.connectionActions(), m.lagActions(), m.hostedActions(), m.macsecActions(), m.tagActions(), m.restActions(), m.weatherActions(),
		m.resiliencyActions(), m.interfaceActions(), m.interfaceChangeActions(), m.gatewayActions(), m.associationActions(), m.failoverActions(),
		m.customerActions(),
	} {
		for name, f := range some {
			all[name] = f
		}
	}
	return all
}
