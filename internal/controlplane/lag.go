package controlplane

import (
	"context"
	"errors"
	"slices"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// CreateLag orders a LAG and its ports on one router: all of them or nothing. An existing connection that is named counts
// towards numberOfConnections, keeps its name and state, and decides the router.
func (s *Service) CreateLag(ctx context.Context, caller Caller, in *api.CreateLagRequest) (out *api.Lag, err error) {
	r, err := parseLAGOrder(caller, in)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		g, err := s.createLAG(tx, caller, r)
		if err != nil {
			return err
		}
		out, err = render(tx).lagWithMembers(g, caller)
		return err
	})
	return out, err
}

// lagRequest is CreateLag's input in nouns.
type lagRequest struct {
	order      directconnect.LAGOrder
	location   string
	existing   string // connection ID, or empty
	memberTags []directconnect.Tag
}

func parseLAGOrder(caller Caller, in *api.CreateLagRequest) (r lagRequest, err error) {
	o := directconnect.LAGOrder{
		Account: caller.Account, Region: caller.Region,
		ProviderName: value(in.ProviderName), MACsec: value(in.RequestMACSec),
	}
	if o.Name, err = requiredText("lagName", in.LagName); err != nil {
		return r, err
	}
	bandwidth, err := requiredText("connectionsBandwidth", in.ConnectionsBandwidth)
	if err != nil {
		return r, err
	}
	o.Bandwidth = directconnect.Bandwidth(bandwidth)
	n, err := requiredNumber("numberOfConnections", in.NumberOfConnections)
	if err != nil {
		return r, err
	}
	o.Connections = int(n)
	if o.BillingMode, err = directconnect.ParseBillingMode(value(in.BillingMode)); err != nil {
		return r, err
	}
	if o.Tags, err = tagsOf(in.Tags); err != nil {
		return r, err
	}
	r.order = o
	if r.location, err = requiredText("location", in.Location); err != nil {
		return r, err
	}
	if r.memberTags, err = tagsOf(in.ChildConnectionTags); err != nil {
		return r, err
	}
	if in.ConnectionID != nil {
		r.existing = *in.ConnectionID
		err = directconnect.CheckConnectionID(r.existing)
	}
	return r, err
}

func (s *Service) createLAG(tx *store.Tx, caller Caller, r lagRequest) (directconnect.LAG, error) {
	var none directconnect.LAG
	member := directconnect.Order{
		Kind: directconnect.Dedicated, Account: caller.Account, Region: caller.Region, Name: none.MemberName(1),
		Bandwidth: r.order.Bandwidth, ProviderName: r.order.ProviderName, BillingMode: r.order.BillingMode,
		MACsec: r.order.MACsec, Tags: r.memberTags,
	}
	p, err := s.placement(tx, member, r.location)
	if err != nil {
		return none, err
	}
	if p.account.IsDeclaredPartner() {
		member.Kind = directconnect.Interconnect
	}
	g, err := directconnect.NewLAG(newID(directconnect.LAGPrefix), r.order, p.location, "", s.Now())
	if err != nil {
		return none, err
	}
	if err := s.lagQuota(tx, p.account, caller.Region); err != nil {
		return none, err
	}
	g.AllowsHosted = p.account.MayHost() == nil
	if r.existing == "" {
		return p.fillLAG(g, member, r.order.Connections, p.diversity())
	}
	c, err := s.ownPort(tx, caller, r.existing)
	if err != nil {
		return none, err
	}
	g.Router = c.Router
	ordered := g
	ordered.ID = "" // nobody has been told it
	if err := ordered.Admit(c, nil); err != nil {
		return none, err
	}
	if g, err = p.fillLAG(g, member, r.order.Connections-1, []string{c.Router}); err != nil {
		return none, err
	}
	return g, s.join(tx, c, g)
}

func (s *Service) lagQuota(tx *store.Tx, a directconnect.Account, region string) error {
	limit := a.Quotas.LAGsPerRegion
	if limit == 0 {
		return nil
	}
	n, err := tx.CountLAGs(store.LAGQuery{Account: a.ID, Region: region, LiveOnly: true})
	if err == nil && n >= limit {
		err = directconnect.QuotaExceeded("Lags in Region "+region, limit)
	}
	return err
}

// fillLAG puts the LAG and its n new members on the first of the routers that has as many ports free.
func (p *placement) fillLAG(g directconnect.LAG, member directconnect.Order, n int, routers []string) (directconnect.LAG, error) {
	if err := p.quota(n); err != nil {
		return g, err
	}
	for _, router := range routers {
		free, err := p.tx.CountFreePorts(router, member.Bandwidth, member.MACsec, n)
		if err != nil {
			return g, err
		}
		if free < n || n > 0 && !slices.Contains(p.routers, router) { // it has not enough, or is drained
			continue
		}
		g.Router = router
		if err := p.tx.PutLAG(&g); err != nil {
			return g, err
		}
		for i := range n {
			member.Name = g.MemberName(i + 1)
			if _, err := p.on(router, member, g.ID); err != nil {
				return g, err
			}
		}
		return g, nil
	}
	return g, directconnect.Clientf("%d %s ports on one endpoint are not available at location %s.", n, g.Bandwidth, p.location.Code)
}

// DescribeLags lists the account's LAGs in the Region, deleted ones included as long as they stay listed, or the one named.
func (s *Service) DescribeLags(ctx context.Context, caller Caller, in *api.DescribeLagsRequest) (out *api.Lags, err error) {
	if in.LagID != nil {
		if err := directconnect.CheckLAGID(*in.LagID); err != nil {
			return nil, err
		}
	}
	p, err := s.pager("DescribeLags", caller, "", in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		var gs []directconnect.LAG
		if in.LagID != nil {
			g, err := ownLAG(tx, caller, *in.LagID, s)
			if err != nil {
				return err
			}
			gs = append(gs, g)
		} else if gs, err = tx.LAGs(store.LAGQuery{
			Account: caller.Account, Region: caller.Region, EndedAfter: s.Now().Add(-s.Keep), After: p.after, Limit: p.limit(),
		}); err != nil {
			return err
		}
		gs, next, err := page(p, gs, lagCursor)
		if err != nil {
			return err
		}
		out = &api.Lags{Lags: make([]api.Lag, 0, len(gs)), NextToken: next}
		r := render(tx)
		for _, g := range gs {
			shown, err := r.lagWithMembers(g, caller)
			if err != nil {
				return err
			}
			out.Lags = append(out.Lags, *shown)
		}
		return nil
	})
	return out, err
}

// UpdateLag changes name, minimumLinks and encryption mode; what is not given stays.
func (s *Service) UpdateLag(ctx context.Context, caller Caller, in *api.UpdateLagRequest) (out *api.Lag, err error) {
	id, err := requiredLAGID(in.LagID)
	if err != nil {
		return nil, err
	}
	var minimum *int
	if in.MinimumLinks != nil {
		n := int(*in.MinimumLinks)
		minimum = &n
	}
	var mode *directconnect.EncryptionMode
	if in.EncryptionMode != nil {
		m, err := directconnect.ParseEncryptionMode(*in.EncryptionMode)
		if err != nil {
			return nil, err
		}
		mode = &m
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		g, err := ownLAG(tx, caller, id, s)
		if err != nil {
			return err
		}
		members, err := lagMembers(tx, id)
		if err != nil {
			return err
		}
		if g, err = g.Update(in.LagName, minimum, mode, members, s.Now()); err != nil {
			return err
		}
		if err := s.saveLAG(tx, &g, members); err != nil {
			return err
		}
		out, err = render(tx).lag(g, members, caller)
		return err
	})
	return out, err
}

// DeleteLag deletes the LAG in the answer; its members become connections of their own.
func (s *Service) DeleteLag(ctx context.Context, caller Caller, in *api.DeleteLagRequest) (out *api.Lag, err error) {
	id, err := requiredLAGID(in.LagID)
	if err != nil {
		return nil, err
	}
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		g, err := ownLAG(tx, caller, id, s)
		if err != nil {
			return err
		}
		if out, err = render(tx).lag(g, nil, caller); err != nil || !g.Live() {
			return err
		}
		hosted, err := tx.CountConnections(store.ConnectionQuery{ParentID: id, LiveOnly: true})
		if err != nil {
			return err
		}
		interfaces, err := tx.CountInterfaces(store.InterfaceQuery{ParentID: id, LiveOnly: true})
		if err != nil {
			return err
		}
		if g, err = g.Delete(interfaces, hosted, s.Now()); err != nil {
			return err
		}
		if err := s.detachAll(tx, g); err != nil {
			return err
		}
		if err := tx.PutLAG(&g); err != nil {
			return err
		}
		out, err = render(tx).lag(g, nil, caller)
		return err
	})
	return out, err
}

func (s *Service) detachAll(tx *store.Tx, g directconnect.LAG) error {
	owner, err := s.account(tx, g.Account)
	if err != nil {
		return err
	}
	members, err := lagMembers(tx, g.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		m = m.Leave(owner, s.Now())
		if err := tx.PutConnection(&m); err != nil {
			return err
		}
	}
	return nil
}

// saveLAG puts a changed LAG and makes its members' ports follow.
func (s *Service) saveLAG(tx *store.Tx, g *directconnect.LAG, members []directconnect.Connection) error {
	if err := tx.PutLAG(g); err != nil {
		return err
	}
	for _, m := range members {
		m.Due = s.Now()
		if err := tx.PutConnection(&m); err != nil {
			return err
		}
	}
	return nil
}

// wakeLAG makes what runs over a LAG follow a change of its members.
func (s *Service) wakeLAG(tx *store.Tx, g directconnect.LAG) error {
	g.Due = s.Now()
	return tx.PutLAG(&g)
}

// ownLAG loads a LAG that the caller owns in the Region.
func ownLAG(tx *store.Tx, caller Caller, id string, s *Service) (directconnect.LAG, error) {
	g, err := tx.LAG(id)
	if errors.Is(err, store.ErrNotFound) {
		return g, directconnect.NoLAG(id)
	}
	if err != nil {
		return g, err
	}
	if g.Account != caller.Account || g.Region != caller.Region || (!g.Live() && g.Deleted.Before(s.Now().Add(-s.Keep))) {
		return g, directconnect.NoLAG(id)
	}
	return g, nil
}

// lagMembers loads the members that count: those neither ended nor on their way out (leaving clears the membership).
func lagMembers(tx *store.Tx, id string) ([]directconnect.Connection, error) {
	return tx.Connections(store.ConnectionQuery{LagID: id, LiveOnly: true})
}

func lagWithMembers(tx *store.Tx, id string) (directconnect.LAG, []directconnect.Connection, error) {
	g, err := tx.LAG(id)
	if err != nil {
		return g, nil, err
	}
	members, err := lagMembers(tx, id)
	return g, members, err
}
