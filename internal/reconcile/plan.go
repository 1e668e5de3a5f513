package reconcile

import (
	"cmp"
	"maps"
	"slices"

	"onramp/internal/directconnect"
	"onramp/internal/fabric"
)

// Plan is the whole configuration that a router should have: a port for every connection there that is on its feet and
// not on its way out, and a bundle, named as the LAG, for every LAG with such a member. It is pure.
//
// connections may hold others, which are passed over; lags holds the LAGs of the members; ports is by port ID, and a
// connection whose port is not in it has none; keys is by secret ARN, and a key that is not in it is not installed.
func Plan(router string, connections []directconnect.Connection, lags []directconnect.LAG, ports map[string]directconnect.Port, keys map[string]fabric.Secret) fabric.Intent {
	byID := make(map[string]directconnect.LAG, len(lags))
	for _, g := range lags {
		if g.Live() {
			byID[g.ID] = g
		}
	}
	var in fabric.Intent
	bundles := map[string]fabric.Bundle{}
	for _, c := range connections {
		port, held := ports[c.PortID]
		if !held || c.Router != router || !configured(c) {
			continue
		}
		p := fabric.Port{Name: port.Name, Enabled: true, SpeedMbps: c.Bandwidth.Mbps(), Description: c.ID}
		mode, installed := c.EncryptionMode, c.KeysToInstall()
		if g, member := byID[c.LagID]; member {
			p.Bundle = g.ID
			bundles[g.ID] = fabric.Bundle{Name: g.ID, MinLinks: g.MinimumLinks}
			mode, installed = g.EncryptionMode, g.KeysToInstall()
		}
		if c.MACsec {
			p.MACsec = &fabric.MACsec{Mode: macsecMode(mode), Keys: planKeys(installed, keys)}
		}
		in.Ports = append(in.Ports, p)
	}
	slices.SortFunc(in.Ports, func(a, b fabric.Port) int { return cmp.Compare(a.Name, b.Name) })
	for _, name := range slices.Sorted(maps.Keys(bundles)) {
		in.Bundles = append(in.Bundles, bundles[name])
	}
	return in
}

// configured reports whether a router should have the connection's port.
func configured(c directconnect.Connection) bool {
	return c.Kind != directconnect.Hosted && c.PortID != "" && c.Working() && c.OnItsFeet()
}

func planKeys(installed []directconnect.MACsecKey, keys map[string]fabric.Secret) []fabric.Key {
	var planned []fabric.Key
	for _, k := range installed {
		if cak := keys[k.SecretARN]; cak != "" {
			planned = append(planned, fabric.Key{CKN: k.CKN, CAK: cak})
		}
	}
	slices.SortFunc(planned, func(a, b fabric.Key) int { return cmp.Compare(a.CKN, b.CKN) })
	return planned
}

func macsecMode(m directconnect.EncryptionMode) string {
	switch m {
	case directconnect.MustEncrypt:
		return fabric.MACsecRequire
	case directconnect.NoEncrypt:
		return fabric.MACsecOff
	}
	return fabric.MACsecPrefer
}
