package reconcile

import (
	"sync"
	"time"

	"onramp/internal/fabric"
)

// memory is what a process knows of the routers it has dealt with: what it last told each, and which of them fail. It is
// lost with the process, and every router is then told again before it is looked at.
type memory struct {
	mu      sync.Mutex
	told    map[string]fabric.Fingerprint
	failing map[string]failing
	lacking map[string]lack
}

type failing struct {
	times int
	until time.Time // not to be bothered before
}

const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

// knows reports whether the router was told exactly this last.
func (m *memory) knows(router string, in fabric.Fingerprint) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	last, told := m.told[router]
	return told && last == in
}

func (m *memory) remember(router string, in fabric.Fingerprint) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.told == nil {
		m.told = map[string]fabric.Fingerprint{}
	}
	m.told[router] = in
}

// forget has the router told again.
func (m *memory) forget(router string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.told, router)
}

// resting answers until when a failing router is left alone; zero: it is not.
func (m *memory) resting(router string, now time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f := m.failing[router]; f.until.After(now) {
		return f.until
	}
	return time.Time{}
}

// failed doubles the router's rest and answers its end.
func (m *memory) failed(router string, now time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failing == nil {
		m.failing = map[string]failing{}
	}
	f := m.failing[router]
	f.until = now.Add(min(lastRetry, firstRetry<<min(f.times, 10)))
	f.times++
	m.failing[router] = f
	return f.until
}

// recovered ends the router's rest.
func (m *memory) recovered(router string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.failing, router)
}
