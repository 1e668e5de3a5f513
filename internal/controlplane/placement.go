package controlplane

import (
	"cmp"
	"errors"
	"hash/fnv"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// placement is what choosing ports at a location needs, loaded once for a request.
type placement struct {
	s        *Service
	tx       *store.Tx
	account  directconnect.Account
	location directconnect.Location
	routers  []string
	used     map[string]int // the account's live ports here, by router
	worked   []string       // routers that maintenance is in progress on
}

// placement loads the location, refuses an order that it cannot fill whatever ports are free, and counts what the account
// has there.
func (s *Service) placement(tx *store.Tx, o directconnect.Order, code string) (*placement, error) {
	account, err := s.account(tx, o.Account)
	if err != nil {
		return nil, err
	}
	site, err := tx.Site(o.Account, code, max(account.Quotas.ConnectionsPerLocation, countedUse))
	if errors.Is(err, store.ErrNotFound) {
		return nil, directconnect.NoLocation(code)
	}
	if err != nil {
		return nil, err
	}
	if err := o.Check(site.Location); err != nil {
		return nil, err
	}
	return &placement{s: s, tx: tx, account: account, location: site.Location, routers: site.Routers, used: site.Use, worked: site.Worked}, nil
}

// countedUse is how many of an account's ports on one router are counted at least, to spread its next ones: beyond it, one
// more or less makes no difference.
const countedUse = 64

// quota refuses n more ports than the account may have at the location.
func (p *placement) quota(n int) error {
	limit, total := p.account.Quotas.ConnectionsPerLocation, n
	for _, used := range p.used {
		total += used
	}
	if limit > 0 && total > limit {
		return directconnect.QuotaExceeded("active connections at location "+p.location.Code, limit)
	}
	return nil
}

// diversity orders the location's routers for the account's next port. Those that are being worked on come last: what is
// ordered there has a port, and waits.
func (p *placement) diversity() []string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(p.account.ID)) // never fails: hash.Hash
	ordered := directconnect.RoutersByDiversity(p.routers, p.used, h.Sum64())
	slices.SortStableFunc(ordered, func(a, b string) int {
		return cmp.Compare(p.workedOn(a), p.workedOn(b))
	})
	return ordered
}

func (p *placement) workedOn(router string) int {
	if slices.Contains(p.worked, router) {
		return 1
	}
	return 0
}

// anywhere orders one port on the best router that has one free.
func (p *placement) anywhere(o directconnect.Order) (directconnect.Connection, error) {
	if err := p.quota(1); err != nil {
		return directconnect.Connection{}, err
	}
	for _, router := range p.diversity() {
		c, err := p.on(router, o, "")
		if !errors.Is(err, store.ErrNotFound) {
			return c, err
		}
	}
	return directconnect.Connection{}, directconnect.NoFreePort(p.location.Code, o.Bandwidth)
}

// inLAG orders one port as a member of the LAG, on the LAG's router.
func (p *placement) inLAG(o directconnect.Order, id string) (directconnect.Connection, error) {
	var none directconnect.Connection
	g, err := ownLAG(p.tx, Caller{Account: o.Account, Region: o.Region}, id, p.s)
	if err != nil {
		return none, err
	}
	members, err := lagMembers(p.tx, g.ID)
	if err != nil {
		return none, err
	}
	trial, err := directconnect.NewConnection("", o, p.location, directconnect.Port{Router: g.Router}, p.s.Now())
	if err != nil {
		return none, err
	}
	if err := g.Admit(trial, members); err != nil {
		return none, err
	}
	if err := p.quota(1); err != nil {
		return none, err
	}
	if !slices.Contains(p.routers, g.Router) { // it is drained
		return none, directconnect.NoFreePortForLAG(g.ID, o.Bandwidth)
	}
	c, err := p.on(g.Router, o, g.ID)
	if errors.Is(err, store.ErrNotFound) {
		return none, directconnect.NoFreePortForLAG(g.ID, o.Bandwidth)
	}
	return c, err
}

// on reserves a free port of the router and puts the connection that holds it, a member of the LAG if one is named.
// store.ErrNotFound says that the router has no such port left.
func (p *placement) on(router string, o directconnect.Order, lag string) (directconnect.Connection, error) {
	var none directconnect.Connection
	id, now := newID(directconnect.ConnectionPrefix), p.s.Now()
	port, err := p.tx.TakePort(router, o.Bandwidth, o.MACsec, random(), id)
	if err != nil {
		return none, err
	}
	c, err := directconnect.NewConnection(id, o, p.location, port, now)
	if err != nil {
		return none, err
	}
	c.LagID = lag
	c.Due = p.s.Pace.Approves(now) // nothing is to be done before: the reconciler need not look
	if err := p.tx.PutConnection(&c); err != nil {
		return none, err
	}
	p.used[router]++
	return c, nil
}
