package directconnect

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNewConnection(t *testing.T) {
	t.Parallel()
	same(t, Connection{
		ID: connectionID, Kind: Dedicated, Account: customer, Region: "us-east-1", Location: "EqDC2",
		State: ConnectionRequested, PortID: router + "/et-0/0/1", Router: router, Created: noon, Due: noon, Since: noon,
		Name: "first", Bandwidth: Gbps10, ProviderName: "Zayo Group", BillingMode: PayAsYouGo,
		Tags: []Tag{{Key: "env", Value: "prod"}}, MACsec: true, EncryptionMode: ShouldEncrypt,
	}, ordered())
	if c := interconnect(); c.MACsec || c.EncryptionMode != "" {
		t.Errorf("without MACsec the encryption mode is %q", c.EncryptionMode)
	}
}

func TestOrderCheck(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name   string
		change func(*Order)
		want   string // "": accepted
	}{
		{"as it is", func(*Order) {}, ""},
		{"another region", func(o *Order) { o.Region = "eu-west-1" }, "Location EqDC2 is not valid."},
		{"no name", func(o *Order) { o.Name = "" }, "connectionName is required."},
		{"no interconnect name", func(o *Order) { o.Kind, o.Name = Interconnect, "" }, "interconnectName is required."},
		{"255 characters", func(o *Order) { o.Name = strings.Repeat("ü", 255) }, ""},
		{"256 characters", func(o *Order) { o.Name = strings.Repeat("ü", 256) }, "connectionName must be at most 255 characters long."},
		{"a tabulator", func(o *Order) { o.Name = "a\tb" }, "connectionName contains invalid characters."},
		{"a delete character", func(o *Order) { o.Name = "a\x7f" }, "connectionName contains invalid characters."},
		{"no bandwidth", func(o *Order) { o.Bandwidth = "" }, "Bandwidth  is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps."},
		{"a hosted bandwidth", func(o *Order) { o.Bandwidth = "500Mbps" }, "Bandwidth 500Mbps is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps."},
		{"a location's spelling", func(o *Order) { o.Bandwidth = "10G" }, "Bandwidth 10G is not valid. Valid values are 1Gbps, 10Gbps, 100Gbps and 400Gbps."},
		{"not sold here", func(o *Order) { o.Bandwidth = Gbps400 }, "Bandwidth 400Gbps is not available at location EqDC2."},
		{"MACsec at 1 Gbps", func(o *Order) { o.Bandwidth = Gbps1 }, "MACsec is not supported on 1Gbps connections."},
		{"1 Gbps without", func(o *Order) { o.Bandwidth, o.MACsec = Gbps1, false }, ""},
		{"no MACsec sold", func(o *Order) { o.Bandwidth = Gbps100 }, "MACsec is not available for bandwidth 100Gbps at location EqDC2."},
		{"no provider", func(o *Order) { o.ProviderName = "" }, ""},
		{"an unknown provider", func(o *Order) { o.ProviderName = "Acme" }, "Provider Acme is not available at location EqDC2."},
		{"a billing mode offered", func(o *Order) { o.BillingMode = "FlatRateTier1" }, ""},
		{"one that is not", func(o *Order) { o.BillingMode = "FlatRateTier2" }, "Billing mode FlatRateTier2 is not available at location EqDC2."},
		{"a bad tag", func(o *Order) { o.Tags = []Tag{{}} }, "Tag key must not be empty."},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			o := order()
			k.change(&o)
			c, err := NewConnection(connectionID, o, site, portOne, noon)
			if k.want != "" {
				refused(t, err, k.want)
				same(t, Connection{}, c)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRename(t *testing.T) {
	t.Parallel()
	if c := must(ordered().Rename("second")); c.Name != "second" {
		t.Errorf("name %q", c.Name)
	}
	_, err := ordered().Rename("")
	refused(t, err, "connectionName is required.")
	ended := must(ordered().Delete(customer, noon))
	got, err := ended.Rename("second")
	refused(t, err, "Connection dxcon-fg31dyv6 is in state deleted and cannot be changed.")
	same(t, ended, got)
}

func TestBill(t *testing.T) {
	t.Parallel()
	if c := must(lit().Bill("FlatRateTier1", site)); c.BillingMode != "FlatRateTier1" {
		t.Errorf("billing mode %q", c.BillingMode)
	}
	for _, k := range []struct {
		c    Connection
		mode BillingMode
		want string
	}{
		{lit(), "FlatRateTier5", "Billing mode FlatRateTier5 is not available at location EqDC2."},
		{confirmed(), PayAsYouGo, "Billing mode of connection dxcon-fh6ljcvo cannot be changed: it is not a dedicated connection."},
		{interconnect(), PayAsYouGo, "Billing mode of connection dxcon-ffabc123 cannot be changed: it is not a dedicated connection."},
		{must(lit().Delete(customer, noon)), PayAsYouGo, "Connection dxcon-fg31dyv6 is in state deleting and cannot be changed."},
	} {
		got, err := k.c.Bill(k.mode, site)
		refused(t, err, k.want)
		same(t, k.c, got)
	}
}

// TestWhatAStateMeans is the table of the questions that others ask of a state.
func TestWhatAStateMeans(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		state                             ConnectionState
		live, working, onItsFeet, mayMove bool
	}{
		{ConnectionOrdering, true, true, false, false},
		{ConnectionRequested, true, true, false, true},
		{ConnectionPending, true, true, true, true},
		{ConnectionAvailable, true, true, true, false},
		{ConnectionDown, true, true, true, false},
		{ConnectionUnknown, true, true, true, false},
		{ConnectionDeleting, true, false, true, false},
		{ConnectionDeleted, false, false, true, false},
		{ConnectionRejected, false, false, false, false},
	} {
		c := lives[k.state]()
		if c.Live() != k.live || c.Working() != k.working || c.OnItsFeet() != k.onItsFeet || c.MayMovePort() != k.mayMove {
			t.Errorf("%s: live %v, working %v, on its feet %v, may move %v",
				k.state, c.Live(), c.Working(), c.OnItsFeet(), c.MayMovePort())
		}
	}
	if must(ordered().Delete(customer, noon)).OnItsFeet() {
		t.Error("an order deleted before its approval never had a device to tell")
	}
	served := confirmed().Advance(light, Instant, code, noon)
	served = must(must(served.Delete(partner, noon)).Release(noon))
	if !served.OnItsFeet() {
		t.Error("a hosted connection that carried traffic keeps its device after deletion")
	}
}

func TestDisclosure(t *testing.T) {
	t.Parallel()
	if approved().Disclosed() {
		t.Error("a letter that nobody fetched discloses nothing")
	}
	for name, c := range map[string]Connection{"read": must(approved().ReadLOA(noon)), "plugged in": plugged()} {
		if !c.Disclosed() || c.MayMovePort() {
			t.Errorf("%s: disclosed %v, may move %v", name, c.Disclosed(), c.MayMovePort())
		}
	}
	moved := ordered().WithPort(Port{ID: PortID(otherRouter, "et-0/0/7"), Router: otherRouter})
	if moved.PortID != otherRouter+"/et-0/0/7" || moved.Router != otherRouter {
		t.Errorf("moved to %s on %s", moved.PortID, moved.Router)
	}
	if len(moved.Left) > 0 {
		t.Errorf("of an order that is not approved no router has anything, and it left %v", moved.Left)
	}
	there := approved().WithPort(Port{ID: PortID(otherRouter, "et-0/0/7"), Router: otherRouter})
	if !slices.Equal(there.Left, []string{approved().Router}) {
		t.Errorf("it left %v, want %s", there.Left, approved().Router)
	}
	back := there.WithPort(Port{ID: approved().PortID, Router: approved().Router})
	if !slices.Equal(back.Left, []string{otherRouter}) {
		t.Errorf("having come back it left %v, want %s", back.Left, otherRouter)
	}
}

// TestConnectionJSON: what is not a column survives the store's document, and times that are not set stay out of it.
func TestConnectionJSON(t *testing.T) {
	t.Parallel()
	c := must(lit().AssociateKey(secret("a"), 3, noon.Add(time.Microsecond)))
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	back := Connection{
		ID: c.ID, Kind: c.Kind, Account: c.Account, Region: c.Region, Location: c.Location, State: c.State,
		PortID: c.PortID, Router: c.Router, Created: c.Created, Due: c.Due,
	}
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	same(t, c, back)
	if strings.Contains(string(text), "0001-01-01") || strings.Contains(string(text), connectionID) {
		t.Errorf("the document holds an unset time or a column: %s", text)
	}
}
