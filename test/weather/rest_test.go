package weather

import (
	"bytes"

	"pgregory.net/rapid"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// restActions are the operations around the orders: letters, locations, agreements.
func (m *machine) restActions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"DescribeLoa":              m.step(m.describeLOA),
		"DescribeConnectionLoa":    m.step(m.describeConnectionLOA),
		"DescribeInterconnectLoa":  m.step(m.describeInterconnectLOA),
		"DescribeLocations":        m.step(m.describeLocations),
		"DescribeCustomerMetadata": m.step(m.describeCustomer),
		"ConfirmCustomerAgreement": m.step(m.confirmAgreement),
	}
}

func (m *machine) describeLOA() {
	if once(m.rt, 4, "LAG's letter") {
		b := m.oneBundle(liveBundle)
		if out, ok := call[api.Loa](m, "DescribeLoa", m.caller(b.account, b.region), &api.DescribeLoaRequest{ConnectionID: &b.id}); ok {
			for _, x := range m.model.members(b.id) {
				m.letter(x.id, out)
			}
		}
		return
	}
	x := m.one(workingPort)
	if out, ok := call[api.Loa](m, "DescribeLoa", m.caller(x.account, x.region), &api.DescribeLoaRequest{ConnectionID: &x.id}); ok {
		m.letter(x.id, out)
	}
}

func (m *machine) describeConnectionLOA() {
	x := m.one(anyDedicated)
	if out, ok := call[api.DescribeConnectionLoaResponse](m, "DescribeConnectionLoa", m.caller(x.account, x.region), &api.DescribeConnectionLoaRequest{ConnectionID: &x.id}); ok {
		m.letter(x.id, out.Loa)
	}
}

func (m *machine) describeInterconnectLOA() {
	x := m.one(anyInterconnect)
	if out, ok := call[api.DescribeInterconnectLoaResponse](m, "DescribeInterconnectLoa", m.caller(x.account, x.region), &api.DescribeInterconnectLoaRequest{InterconnectID: &x.id}); ok {
		m.letter(x.id, out.Loa)
	}
}

// letter: it exists for approved orders only, and that it was fetched is written down.
func (m *machine) letter(id string, letter *api.Loa) {
	m.rt.Helper()
	c := m.look().connections[id]
	if letter == nil || !bytes.HasPrefix(letter.LoaContent, []byte("%PDF-")) {
		m.fatalf("the letter of %s is no PDF", id)
	}
	if c.Approved.IsZero() || !c.LOARead.Equal(m.clock.now()) {
		m.fatalf("%s was approved at %v and its letter fetched at %v", id, c.Approved, c.LOARead)
	}
}

func (m *machine) describeLocations() {
	who := m.caller("", home)
	out, ok := call[api.Locations](m, "DescribeLocations", who, &api.DescribeLocationsRequest{})
	if !ok {
		m.rt.Fatal("DescribeLocations was refused")
	}
	inv, n := smallInventory(), 0
	for _, l := range inv.Locations {
		if l.Region == who.Region {
			n++
		}
	}
	for _, l := range out.Locations {
		if regionOf(inv, *l.LocationCode) != who.Region {
			m.fatalf("%s is shown in %s", *l.LocationCode, who.Region)
		}
	}
	if len(out.Locations) != n {
		m.fatalf("%d locations in %s, want %d", len(out.Locations), who.Region, n)
	}
}

func (m *machine) describeCustomer() {
	who := m.caller("", home)
	out, ok := call[api.DescribeCustomerMetadataResponse](m, "DescribeCustomerMetadata", who, &api.DescribeCustomerMetadataRequest{})
	if !ok {
		m.rt.Fatal("DescribeCustomerMetadata was refused")
	}
	kind, status := directconnect.PartnerV2, "unsigned"
	if who.Account == alice || who.Account == bob {
		kind = directconnect.NonPartner
	}
	if m.model.signed[who.Account] {
		status = "signed"
	}
	if *out.NniPartnerType != string(kind) || *out.Agreements[0].Status != status {
		m.fatalf("account %s is shown as %s, want %s, %s", who.Account, wire(out), kind, status)
	}
}

func (m *machine) confirmAgreement() {
	who := m.caller("", home)
	in := &api.ConfirmCustomerAgreementRequest{}
	if once(m.rt, 3, "by name") {
		in.AgreementName = ptr(pick(m.rt, "agreement", []string{directconnect.Agreement, "Another"}))
	}
	if _, ok := call[api.ConfirmCustomerAgreementResponse](m, "ConfirmCustomerAgreement", who, in); ok {
		m.model.signed[who.Account] = true
	}
}
