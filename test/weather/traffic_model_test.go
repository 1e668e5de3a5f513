package weather

import (
	"slices"
	"time"

	"onramp/internal/directconnect"
)

func (m *model) lane(id string) *lane {
	for _, l := range m.lanes {
		if l.id == id {
			return l
		}
	}
	return nil
}

func (m *model) hub(id string) *hub {
	for _, h := range m.hubs {
		if h.id == id {
			return h
		}
	}
	return nil
}

// forget drops what ended long enough ago to be removed, and nothing else.
func (m *model) forget(now snapshot, was snapshot, at time.Time) {
	m.lanes = slices.DeleteFunc(m.lanes, func(l *lane) bool {
		v := was.interfaces[l.id]
		_, stored := now.interfaces[l.id]
		return !stored && !v.Live() && v.Deleted.Before(at.Add(-listedInterface))
	})
	m.hubs = slices.DeleteFunc(m.hubs, func(h *hub) bool {
		g := was.gateways[h.id]
		_, stored := now.gateways[h.id]
		return !stored && !g.Live() && !listedAt(g.Deleted, at)
	})
	m.joins = slices.DeleteFunc(m.joins, func(id string) bool {
		a := was.associations[id]
		_, stored := now.associations[id]
		return !stored && !a.Live() && !listedAt(a.Deleted, at)
	})
	m.proposals = slices.DeleteFunc(m.proposals, func(id string) bool {
		p := was.proposals[id]
		_, stored := now.proposals[id]
		return !stored && !p.Shown(at)
	})
}

// compareTraffic says where interfaces and gateways are not those that were answered.
func (m *model) compareTraffic(now snapshot, say breach) {
	if len(now.interfaces) != len(m.lanes) || len(now.gateways) != len(m.hubs) || len(now.associations) != len(m.joins) || len(now.proposals) != len(m.proposals) {
		say("%d interfaces, %d gateways, %d associations and %d proposals are stored, want %d, %d, %d and %d", len(now.interfaces), len(now.gateways),
			len(now.associations), len(now.proposals), len(m.lanes), len(m.hubs), len(m.joins), len(m.proposals))
	}
	for _, l := range m.lanes {
		v, stored := now.interfaces[l.id]
		if !stored {
			say("%s is gone", l.id)
			continue
		}
		if v.Account != l.account || v.Region != l.region || v.Type != l.kind || v.Name != l.name {
			say("%s is stored as %s %s %s %q, want %+v", l.id, v.Account, v.Region, v.Type, v.Name, *l)
		}
		same(l.id, l.tags, tagMap(v.Tags), "tags", say)
	}
	for _, h := range m.hubs {
		g, stored := now.gateways[h.id]
		if !stored {
			say("gateway %s is gone", h.id)
			continue
		}
		if g.Account != h.account || g.Name != h.name {
			say("gateway %s is stored as %s %q, want %+v", h.id, g.Account, g.Name, *h)
		}
		same(h.id, h.tags, tagMap(g.Tags), "tags", say)
	}
	for _, id := range m.joins {
		if _, stored := now.associations[id]; !stored {
			say("association %s is gone", id)
		}
	}
	for _, id := range m.proposals {
		if _, stored := now.proposals[id]; !stored {
			say("proposal %s is gone", id)
		}
	}
}

// trafficTags draws an interface or a gateway, for the operations on tags.
func (m *machine) trafficTags() (arn, account, region string, tags *map[string]string) {
	if once(m.rt, 3, "gateway's tags") {
		h := m.oneHub(func(directconnect.Gateway) bool { return true })
		return gatewayARN(h.account, h.id), h.account, home, &h.tags
	}
	l, _ := m.oneLane(func(directconnect.VirtualInterface) bool { return true })
	return arnOf("dxvif", l.account, l.region, l.id), l.account, l.region, &l.tags
}

// gatewayARN has no Region: a Direct Connect gateway is global.
func gatewayARN(account, id string) string {
	return directconnect.ARN{Partition: "aws", Account: account, Type: "dx-gateway", ID: id}.String()
}
