package reconcile

import (
	"sync"

	"onramp/internal/store"
)

// keptRows bounds how many rows of routers a process keeps: each takes up to two kilobytes.
const keptRows = 1 << 15

// shelf keeps the rows of routers as they were last read, so that the next visit reads only what has changed. What is on it
// is never taken for what is so: store.RouterRows compares it with the database in the transaction that uses it.
type shelf struct {
	mu      sync.Mutex
	routers map[string]*store.RouterRows
	rows    int
}

// of is what was last read of a router; nil: nothing is kept.
func (s *shelf) of(router string) *store.RouterRows {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.routers[router]
}

// put keeps a router's rows, and lets go of some others' where they become too many.
func (s *shelf) put(router string, rows *store.RouterRows) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.routers == nil {
		s.routers = map[string]*store.RouterRows{}
	}
	s.drop(router)
	for other := range s.routers { // in no order: taking the oldest would lose each just before it is wanted again
		if s.rows+rows.Len() <= keptRows {
			break
		}
		s.drop(other)
	}
	if rows.Len() <= keptRows {
		s.routers[router] = rows
		s.rows += rows.Len()
	}
}

func (s *shelf) drop(router string) {
	if old := s.routers[router]; old != nil {
		s.rows -= old.Len()
		delete(s.routers, router)
	}
}
