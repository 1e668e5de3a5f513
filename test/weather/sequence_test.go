package weather

import (
	"errors"
	"flag"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onramp/internal/controlplane"
	"onramp/test/postgres"
)

// TestSequences runs random sequences of all built operations, operators' moves, time and faults on SQLite. After every
// step all laws hold and what is stored is what the model expects; a call that was refused has changed nothing; and after
// a sequence everything comes to rest, and goes when it is deleted.
//
// A failure names the flag that repeats it (-rapid.seed, or -rapid.failfile). -rapid.checks and -rapid.steps set how many
// sequences there are and how long they are.
func TestSequences(t *testing.T) {
	sequences(t, newSite(t, nil), 40, 3000)
}

// TestSequencesOnPostgres is TestSequences with fewer sequences on PostgreSQL.
func TestSequencesOnPostgres(t *testing.T) {
	cluster := postgres.Shared(t, postgres.WithoutFsync())
	sequences(t, newSite(t, func() string { return cluster.Database(t) }), 8, 300)
}

func sequences(t *testing.T, s *site, moderate, thorough int) {
	if long() {
		moderate = thorough
	}
	defer setFlag(t, "rapid.checks", strconv.Itoa(moderate))()
	defer setFlag(t, "rapid.steps", "120")()
	defer setFlag(t, "rapid.nofailfile", "true")()
	calls := map[string]*tally{}
	n, began := 0, time.Now()
	sequence := func(rt *rapid.T) {
		n++
		p, err := s.open(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		defer func() {
			if err := errors.Join(p.close(), os.RemoveAll(p.file)); err != nil {
				rt.Error(err)
			}
		}()
		m := newMachine(rt, p, calls)
		m.prelude()
		rt.Repeat(map[string]func(*rapid.T){"step": m.anyAction()})
		m.rt = rt
		m.quiet()
		m.listEverything()
		m.clear()
	}
	for again := true; again && !t.Failed(); again = n >= judged && n < enough && len(unanswered(calls)) > 0 {
		rapid.Check(t, sequence)
	}
	if t.Failed() {
		return
	}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(calls)) {
		total += calls[name].answered + calls[name].refused
		t.Logf("%-34s %6d answered %6d refused", name, calls[name].answered, calls[name].refused)
	}
	t.Logf("%d sequences, %d calls, %v", n, total, time.Since(began).Round(time.Millisecond))
	reached(t, calls, n)
}

// often are actions that happen more often than others, so that there is something for the others to work on.
var often = map[string]int{
	"CreateConnection": 5, "CreateInterconnect": 3, "CreateLag": 3, "AllocateHostedConnection": 4, "AllocateConnectionOnInterconnect": 2,
	"ConfirmConnection": 3, "AssociateConnectionWithLag": 4, "DisassociateConnectionFromLag": 2, "AssociateMacSecKey": 6, "UpdateLag": 3,
	"AssociateHostedConnection": 2, "~settle": 4, "~afternoon": 2, "~time": 2, "~plug": 2,
	"CreatePrivateVirtualInterface": 4, "CreateTransitVirtualInterface": 3, "CreatePublicVirtualInterface": 3, "CreateDirectConnectGateway": 3,
	"AllocatePrivateVirtualInterface": 3, "AllocatePublicVirtualInterface": 2, "AllocateTransitVirtualInterface": 4,
	"ConfirmPrivateVirtualInterface": 5, "ConfirmPublicVirtualInterface": 2, "ConfirmTransitVirtualInterface": 8, "AssociateVirtualInterface": 2,
	"CreateDirectConnectGatewayAssociation": 2, "CreateDirectConnectGatewayAssociationProposal": 2, "AcceptDirectConnectGatewayAssociationProposal": 2,
	"CreateBGPPeer": 2, "StartBgpFailoverTest": 3, "StopBgpFailoverTest": 2, "~customer": 2,
	"CreateResiliencyGroup": 3, "AssociateConnectionsToResiliencyGroup": 3, "DisassociateConnectionsFromResiliencyGroup": 2,
}

// anyAction draws actions until there is one that can be done.
func (m *machine) anyAction() func(*rapid.T) {
	actions := m.actions()
	names := weighted(actions)
	return func(rt *rapid.T) {
		for !fits(func() { actions[pick(rt, "action", names)](rt) }) {
			continue
		}
	}
}

// fits runs an action; it is false when there was nothing that the action could be done to.
func fits(action func()) (fit bool) {
	defer func() {
		if v := recover(); v != nil {
			if _, none := v.(nothingFits); !none {
				panic(v)
			}
			fit = false
		}
	}()
	action()
	return true
}

func weighted(actions map[string]func(*rapid.T)) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(actions)) {
		for range max(1, often[name]) {
			names = append(names, name)
		}
	}
	return names
}

const (
	// judged is how many sequences a run must have to be asked whether every operation succeeded in one.
	judged = 40
	// enough is up to how many it goes on while one has not: for the rarest, forty may be bad luck.
	enough = 160
)

// reached fails when an operation never succeeded in all sequences: then the draws are no test of it.
func reached(t *testing.T, calls map[string]*tally, n int) {
	t.Helper()
	if n < judged {
		return
	}
	for _, name := range unanswered(calls) {
		t.Errorf("%s was never answered in %d sequences", name, n)
	}
}

// unanswered are the operations that never succeeded.
func unanswered(calls map[string]*tally) (names []string) {
	for _, o := range controlplane.OperationNames() {
		if o.Built && (calls[o.Name] == nil || calls[o.Name].answered == 0) {
			names = append(names, o.Name)
		}
	}
	return names
}

// setFlag gives a flag of rapid another default: one that the command line or the environment names stays. It answers
// how to undo that.
func setFlag(t *testing.T, name, value string) (undo func()) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	variable := map[string]string{"rapid.checks": "RAPID_CHECKS", "rapid.steps": "RAPID_STEPS", "rapid.nofailfile": "RAPID_NOFAILFILE"}[name]
	if given || os.Getenv(variable) != "" {
		return func() {}
	}
	f := flag.Lookup(name)
	before := f.Value.String()
	set := func(v string) {
		if err := f.Value.Set(v); err != nil {
			t.Fatal(err)
		}
	}
	set(value)
	return func() { set(before) }
}

// TestEveryOperationIsInTheMachine holds the machine to the operation table: what is built is part of the sequences.
func TestEveryOperationIsInTheMachine(t *testing.T) {
	t.Parallel()
	actions := (&machine{}).actions()
	built := 0
	for _, o := range controlplane.OperationNames() {
		if !o.Built {
			continue
		}
		built++
		if actions[o.Name] == nil {
			t.Errorf("%s is built and no action of the machine: add it to the actions of its noun in test/weather", o.Name)
		}
	}
	for name := range actions {
		known := slices.ContainsFunc(controlplane.OperationNames(), func(o controlplane.OperationInfo) bool { return o.Built && o.Name == name })
		if !known && name[0] != '~' {
			t.Errorf("action %s is no built operation", name)
		}
	}
	if built != 73 {
		t.Errorf("%d operations are built, want 73", built)
	}
}
