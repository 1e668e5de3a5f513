package reconcile

import (
	"strings"
	"time"
)

// lack is that a router cannot have all of what it was told.
type lack struct {
	says  string    // the router, of what it lacks
	told  time.Time // when it was told last
	drift string    // how it has differed from its plan since it said so: the lack, and not what somebody changed
	looks int       // how many times in a row it was seen to
}

// lacks notes what a router has said to its plan, and reports whether that is news: empty, that it has all of it.
func (m *memory) lacks(router, says string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	had := m.lacking[router]
	if says == "" {
		delete(m.lacking, router)
		return false
	}
	if m.lacking == nil {
		m.lacking = map[string]lack{}
	}
	m.lacking[router] = lack{says: says, told: now, drift: had.drift, looks: had.looks}
	return had.says != says
}

// owed reports whether a router that lacks something is to be told again, as it may be able to have it by now.
func (m *memory) owed(router string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, lacks := m.lacking[router]
	return lacks && now.Sub(l.told) >= lastRetry
}

// expected reports whether a router differs from its plan by what it is known to lack, and nothing else.
func (m *memory) expected(router string, drift []string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, lacks := m.lacking[router]
	return lacks && l.drift == strings.Join(drift, " ")
}

// again answers when to come back to a router that differs from its plan although it was told; zero: no need to.
func (m *memory) again(router string, drift []string, now time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	text := strings.Join(drift, " ")
	l, lacks := m.lacking[router]
	switch {
	case !lacks && text == "":
		return time.Time{}
	case !lacks:
		return now.Add(firstRetry) // a router may take its time
	case l.drift != text:
		l.drift, l.looks = text, 0
	}
	retry := now.Add(firstRetry << min(l.looks, 10))
	if due := l.told.Add(lastRetry); retry.After(due) { // what changes on it the router itself tells sooner
		retry = due
	}
	l.looks++
	m.lacking[router] = l
	return retry
}
