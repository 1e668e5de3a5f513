package store

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"onramp/internal/directconnect"
)

// everyTrafficQuery is everyQuery for virtual interfaces and what they lead to.
func everyTrafficQuery(tx *Tx) error {
	now := time.Now()
	after := Cursor{Created: now, ID: "x"}
	do := func(_ any, err error) error { return err }
	interfaces := func(q InterfaceQuery) error {
		live, ended := q, q
		live.LiveOnly, live.After, live.Limit = true, after, 100
		ended.EndedAfter, ended.Limit = now, 100
		return errors.Join(do(tx.Interfaces(live)), do(tx.Interfaces(ended)), do(tx.CountInterfaces(live)), do(tx.WakeInterfaces(q, now)))
	}
	list := []error{
		do(tx.Interface("x")), do(tx.Gateway("x")), do(tx.FarGateway("x")), do(tx.Association("x")), do(tx.Proposal("x")),
		do(tx.FailoverTest("x")), do(tx.ResiliencyGroup("x")), do(tx.Member("x", "x")), do(tx.ClientToken("x", "x", "x")),
		interfaces(InterfaceQuery{Account: "x", Region: "x"}), interfaces(InterfaceQuery{Party: "x", Region: "x"}),
		interfaces(InterfaceQuery{ConnectionOwner: "x", Region: "x"}), interfaces(InterfaceQuery{Router: "x"}),
		interfaces(InterfaceQuery{ParentID: "x"}), interfaces(InterfaceQuery{ParentID: "x", Party: "x", Region: "x"}),
		interfaces(InterfaceQuery{GatewayID: "x", Account: "x"}), tx.moveAddresses(&directconnect.VirtualInterface{ID: "x"}),
		do(tx.Gateways(GatewayQuery{Account: "x", Partition: "x", LiveOnly: true, After: after, Limit: 10})),
		do(tx.CountGateways(GatewayQuery{Account: "x", Partition: "x", LiveOnly: true})),
		do(tx.RouterRows("x", nil)), do(tx.ConnectionStamps("x")), do(tx.FarGatewaysAmong([]string{"x"})),
		fillNone(tx, keptConnections), fillNone(tx, keptInterfaces),
		do(tx.ConnectionStandings("x")), do(tx.SoldStandings("x")), do(tx.InterfaceStandings("x")),
		do(tx.FarGateways("x", "x", "x", 10)), do(tx.FarGateways("", "", "x", 10)),
		do(tx.FailoverTests(FailoverQuery{Account: "x", Region: "x", StartedAfter: now, Limit: 10})),
		do(tx.FailoverTests(FailoverQuery{Account: "x", Region: "x", After: after, Limit: 10})),
		do(tx.FailoverTests(FailoverQuery{Account: "x", Region: "x", InterfaceID: "x", Status: "x"})),
		do(tx.ResiliencyGroups(ResiliencyGroupQuery{Account: "x", Region: "x", LiveOnly: true, After: after, Limit: 10})),
		do(tx.CountResiliencyGroups(ResiliencyGroupQuery{Account: "x", Region: "x", LiveOnly: true})),
		do(tx.Members(MemberQuery{GroupID: "x", After: MemberKey{GroupID: "x", ConnectionID: "x"}, Limit: 10})),
		do(tx.Members(MemberQuery{ConnectionID: "x"})), do(tx.Members(MemberQuery{GroupID: "x", ConnectionID: "x"})),
		do(tx.CountMembers(MemberQuery{GroupID: "x"})), do(tx.CountMembers(MemberQuery{ConnectionID: "x"})),
		do(tx.PurgeDeletedInterfaces(now, 10)), do(tx.PurgeFailoverTests(now, 10)), do(tx.PurgeClientTokens(now, 10)),
	}
	for _, q := range []AssociationQuery{{Party: "x"}, {GatewayID: "x"}, {FarID: "x", Party: "x"}, {GatewayID: "x", FarID: "x"}} {
		q.After, q.Limit, q.LiveOnly = after, 10, true
		list = append(list, do(tx.Associations(q)),
			do(tx.Proposals(ProposalQuery{GatewayID: q.GatewayID, FarID: q.FarID, Party: q.Party, After: after, Limit: 10})))
	}
	return errors.Join(unexpected(list), everyClaim(tx, now), everyRouteQuery(tx))
}

// fillNone reads again a row that is not there.
func fillNone[T any](tx *Tx, k kept[T]) error {
	if err := k.fill(tx, map[string]*T{"x": new(T)}); err == nil {
		return errors.New("a row was read that is not there")
	}
	return tx.failed
}

// unexpected are the errors but ErrNotFound: nothing is there.
func unexpected(errs []error) error {
	return errors.Join(slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, ErrNotFound) })...)
}

func everyClaim(tx *Tx, now time.Time) error {
	do := func(_ any, err error) error { return err }
	errs := []error{do(tx.ClaimDueInterfaces(now, now, 10)), do(tx.ClaimDueGateways(now, now, 10)), do(tx.ClaimDueAssociations(now, now, 10)),
		do(tx.ClaimDueProposals(now, now, 10)), do(tx.ClaimDueResiliencyGroups(now, now, 10)), do(tx.ClaimDueMembers(now, now, 10))}
	for _, table := range dueTables {
		errs = append(errs, tx.lease(table, []string{"x"}, now))
	}
	return errors.Join(errs...)
}

func everyRouteQuery(tx *Tx) error {
	do := func(_ any, err error) error { return err }
	p := netip.MustParsePrefix("10.0.0.0/8")
	var errs []error
	for _, q := range []RouteQuery{{}, {Direction: directconnect.RouteAccepted}, {Family: directconnect.IPv4},
		{Direction: directconnect.RouteAccepted, Family: directconnect.IPv4}, {CIDRs: []string{p.String(), "10.0.0.0/16"}}} {
		q.InterfaceID = "x"
		errs = append(errs, do(tx.CountRoutes(q)), do(tx.Routes(q)))
		q.After, q.Limit = RouteCursor{Direction: directconnect.RouteAccepted, CIDR: p, Device: "x"}, 10
		errs = append(errs, do(tx.Routes(q)))
	}
	many := make([]RouteKey, 65)
	for i := range many {
		many[i] = RouteKey{CIDR: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), 0, 0}), 16)}
	}
	return errors.Join(append(errs, tx.ReplaceRoutes("x", directconnect.RouteAccepted, nil, many), tx.DeleteRoutes("x"))...)
}
