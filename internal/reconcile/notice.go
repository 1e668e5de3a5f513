package reconcile

import "sync"

// Noticed has Run look at a router soon, and at all that is on it, because something there has changed. It never blocks, and
// many calls may count as one.
func (r *Reconciler) Noticed(router string) {
	r.noticed.add(router)
	r.Wake()
}

// Strayed has Run tell a router again what it should be, whatever it was told last: it says that it has something else.
func (r *Reconciler) Strayed(router string) {
	r.routers.forget(router)
	r.Noticed(router)
}

// noticed are routers to look at.
type noticed struct {
	mu      sync.Mutex
	routers map[string]bool
}

func (n *noticed) add(router string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.routers == nil {
		n.routers = map[string]bool{}
	}
	n.routers[router] = true
}

// take answers the routers and forgets them.
func (n *noticed) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []string
	for router := range n.routers {
		all = append(all, router)
	}
	clear(n.routers)
	return all
}
