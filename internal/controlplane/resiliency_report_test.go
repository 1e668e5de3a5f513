package controlplane

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

const (
	evaluated = "dxrg-0123456789abcdefg"
	owner     = "111122223333"
)

// layoutRows puts a group into the store, and what its connections are:
//
//	dxcon-fg000001  a port at A on A-1, up, with an interface to gw
//	dxcon-fg000002  and ...3: members of dxlag-fg000001 at A on A-2, of which one is up, with an interface to gw
//	dxcon-fg000004  hosted at B on B-1 over dxcon-fg000009, up, with an interface to vgw-1 that is down
//	dxcon-fg000005  a port that is deleted
//	dxcon-fg000006  a port at B on B-2 that is still associating
func layoutRows(tx *store.Tx, at time.Time) error {
	const up, down = directconnect.ConnectionAvailable, directconnect.ConnectionDown
	rows := []directconnect.Connection{
		{Location: "A", Router: "A-1", State: up}, {Location: "A", Router: "A-2", State: down, LagID: "dxlag-fg000001"},
		{Location: "A", Router: "A-2", State: up, LagID: "dxlag-fg000001"},
		{Location: "B", Router: "B-1", State: up, Kind: directconnect.Hosted, ParentID: "dxcon-fg000009", VLAN: 7},
		{Location: "B", Router: "B-2", State: directconnect.ConnectionDeleted, Deleted: at}, {Location: "B", Router: "B-2", State: up},
	}
	g, err := directconnect.NewResiliencyGroup(evaluated, owner, "us-east-1", "x", "high-resiliency", nil, at)
	if err != nil {
		return err
	}
	lag := directconnect.LAG{ID: "dxlag-fg000001", Account: owner, Region: "us-east-1", Location: "A", Router: "A-2", Created: at}
	if err := errors.Join(tx.PutResiliencyGroup(&g), tx.PutLAG(&lag)); err != nil {
		return err
	}
	for i, c := range rows {
		c.ID, c.Account, c.Region, c.Created = "dxcon-fg00000"+strconv.Itoa(i+1), owner, "us-east-1", at
		if c.Kind == "" {
			c.Kind = directconnect.Dedicated
		}
		m := directconnect.ResiliencyMember{GroupID: evaluated, ConnectionID: c.ID, Region: c.Region, Account: owner, State: directconnect.MemberAssociated}
		if i == 5 {
			m.State = directconnect.MemberAssociating
		}
		if err := errors.Join(tx.PutConnection(&c), tx.PutMember(&m)); err != nil {
			return err
		}
	}
	for i, v := range []directconnect.VirtualInterface{
		{ParentID: "dxcon-fg000001", GatewayID: "gw", State: directconnect.InterfaceAvailable},
		{ParentID: "dxlag-fg000001", GatewayID: "gw", State: directconnect.InterfaceAvailable},
		{ParentID: "dxcon-fg000004", VirtualGatewayID: "vgw-1", State: directconnect.InterfaceDown},
		{ParentID: "dxcon-fg000006", GatewayID: "gw", State: directconnect.InterfaceAvailable},
	} {
		v.ID, v.Account, v.Region, v.Type, v.Created = "dxvif-fg00000"+strconv.Itoa(i+1), owner, "us-east-1", directconnect.Private, at
		if err := tx.PutInterface(&v); err != nil {
			return err
		}
	}
	return errors.Join(
		putRoutes(tx, "dxvif-fg000001", directconnect.RouteAccepted, "10.0.0.0/24", "10.0.1.0/24"),
		putRoutes(tx, "dxvif-fg000002", directconnect.RouteAccepted, "10.0.0.0/24"),
		putRoutes(tx, "dxvif-fg000001", directconnect.RouteAdvertised, "172.31.0.0/16"),
		putRoutes(tx, "dxvif-fg000002", directconnect.RouteAdvertised, "172.31.0.0/16"))
}

func putRoutes(tx *store.Tx, id string, side directconnect.RouteDirection, cidrs ...string) error {
	var routes []directconnect.Route
	for _, c := range cidrs {
		routes = append(routes, directconnect.Route{InterfaceID: id, Direction: side, CIDR: netip.MustParsePrefix(c), Device: "d"})
	}
	return tx.ReplaceRoutes(id, side, routes, nil)
}

func TestResiliencyReport(t *testing.T) {
	t.Parallel()
	s := operatorsService(t)
	if err := s.Store.Update(t.Context(), func(tx *store.Tx) error { return layoutRows(tx, s.Now()) }); err != nil {
		t.Fatal(err)
	}
	r, err := s.Resiliency(t.Context(), evaluated, &directconnect.Element{Kind: directconnect.RouterElement, Name: "A-1"})
	if err != nil {
		t.Fatal(err)
	}
	wantLinks := []directconnect.LayoutLink{
		{ID: "dxcon-fg000001", Location: "A", Router: "A-1", State: "available", Up: true},
		{ID: "dxcon-fg000009", Location: "B", Router: "B-1", State: "available", Up: true},
		{ID: "dxlag-fg000001", Location: "A", Router: "A-2", State: "available", Up: true},
	}
	if diff := cmp.Diff(wantLinks, r.Layout.Links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	only := netip.MustParsePrefix("10.0.1.0/24")
	short := directconnect.Destination{Kind: directconnect.ToPrefix, Gateway: "gw", Side: directconnect.RouteAccepted, Prefix: only}
	var reached []string
	for _, d := range r.Evaluation.Standings {
		reached = append(reached, d.Destination.String()+": "+string(d.Reached))
	}
	want := []string{
		"all connections: high-resiliency", "gateway gw: basic-resiliency", "prefix 10.0.0.0/24 accepted by gateway gw: basic-resiliency",
		"prefix 10.0.1.0/24 accepted by gateway gw: none", "prefix 172.31.0.0/16 advertised by gateway gw: basic-resiliency", "gateway vgw-1: none",
	}
	if diff := cmp.Diff(want, reached); diff != "" {
		t.Errorf("reached (-want +got):\n%s", diff)
	}
	if e := r.Evaluation; e.Met || e.Reached != directconnect.NoResiliency || e.Prefixes != 3 {
		t.Errorf("evaluated as %+v", e)
	}
	if r.WhatIf == nil || !slices.Equal(r.WhatIf.Lost, []directconnect.Destination{short}) {
		t.Errorf("without A-1: %+v", r.WhatIf)
	}
	if len(r.Members) != 6 {
		t.Errorf("%d members", len(r.Members))
	}
	_, err = s.Resiliency(t.Context(), evaluated, &directconnect.Element{Kind: directconnect.RouterElement, Name: "B-2"})
	if reasonOf(t, err) != Missing {
		t.Errorf("without what is not there: %v", err)
	}
	if _, err := s.Resiliency(t.Context(), "dxrg-0000000000000000", nil); reasonOf(t, err) != Invalid {
		t.Errorf("a bad ID: %v", err)
	}
	if _, err := s.Resiliency(t.Context(), "dxrg-00000000000000000", nil); reasonOf(t, err) != Missing {
		t.Errorf("no such group: %v", err)
	}
}
