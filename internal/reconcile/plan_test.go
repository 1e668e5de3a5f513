package reconcile

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	approved := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(id, port string, state directconnect.ConnectionState) directconnect.Connection {
		return directconnect.Connection{
			ID: id, Kind: directconnect.Dedicated, State: state, Router: "r", PortID: "r/" + port,
			Bandwidth: directconnect.Gbps10, Approved: approved,
		}
	}
	ports := map[string]directconnect.Port{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"} {
		ports["r/"+name] = directconnect.Port{Name: name}
	}
	secured, member, second := at("secured", "b", directconnect.ConnectionDown), at("member", "a", directconnect.ConnectionPending), at("second", "d", directconnect.ConnectionUnknown)
	secured.MACsec, secured.EncryptionMode = true, directconnect.NoEncrypt
	secured.MACsecKeys = []directconnect.MACsecKey{
		{SecretARN: "two", CKN: "22", State: directconnect.KeyAssociated}, {SecretARN: "one", CKN: "11", State: directconnect.KeyAssociating},
		{SecretARN: "going", CKN: "33", State: directconnect.KeyDisassociating}, {SecretARN: "sealed", CKN: "44", State: directconnect.KeyAssociated},
	}
	member.LagID, member.MACsec, member.EncryptionMode = "lag", true, directconnect.ShouldEncrypt
	second.LagID, second.Kind = "lag", directconnect.Interconnect
	hosted, elsewhere, homeless := at("hosted", "g", directconnect.ConnectionAvailable), at("elsewhere", "h", directconnect.ConnectionAvailable), at("homeless", "none", directconnect.ConnectionAvailable)
	hosted.Kind, elsewhere.Router = directconnect.Hosted, "r2"
	lags := []directconnect.LAG{
		{ID: "lag", MinimumLinks: 2, EncryptionMode: directconnect.MustEncrypt, MACsecKeys: []directconnect.MACsecKey{{SecretARN: "one", CKN: "11", State: directconnect.KeyAssociated}}},
		{ID: "empty"},
	}
	keys := map[string]fabric.Secret{"one": "1111", "two": "2222", "going": "3333"}
	got := Plan("r", []directconnect.Connection{
		at("plain", "c", directconnect.ConnectionAvailable), secured, member, second, hosted, elsewhere, homeless,
		at("requested", "e", directconnect.ConnectionRequested), at("deleting", "f", directconnect.ConnectionDeleting),
		at("deleted", "i", directconnect.ConnectionDeleted),
	}, lags, ports, keys)
	want := fabric.Intent{
		Ports: []fabric.Port{
			{Name: "a", Enabled: true, SpeedMbps: 10_000, Bundle: "lag", Description: "member",
				MACsec: &fabric.MACsec{Mode: fabric.MACsecRequire, Keys: []fabric.Key{{CKN: "11", CAK: "1111"}}}},
			{Name: "b", Enabled: true, SpeedMbps: 10_000, Description: "secured",
				MACsec: &fabric.MACsec{Mode: fabric.MACsecOff, Keys: []fabric.Key{{CKN: "11", CAK: "1111"}, {CKN: "22", CAK: "2222"}}}},
			{Name: "c", Enabled: true, SpeedMbps: 10_000, Description: "plain"},
			{Name: "d", Enabled: true, SpeedMbps: 10_000, Bundle: "lag", Description: "second"},
		},
		Bundles: []fabric.Bundle{{Name: "lag", MinLinks: 2}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
	if in := Plan("r", nil, lags, ports, keys); in.Ports != nil || in.Bundles != nil {
		t.Errorf("a router without connections is planned %+v", in)
	}
}
