package controlplane

import (
	"encoding/json"
	"fmt"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/event"
	"onramp/internal/store"
)

// maintenanceTold is the detail of an event about planned work.
type maintenanceTold struct {
	ID            string    `json:"maintenanceId"`
	PreviousState string    `json:"previousState"` // empty: it is new
	State         string    `json:"state"`
	Impact        string    `json:"impact"`
	Starts        time.Time `json:"starts"`
	Ends          time.Time `json:"ends"`
	Reason        string    `json:"reason"`
	Sequence      int64     `json:"sequence"`
	Resources     []string  `json:"resources"` // of the account
}

// mostWorkARNs bounds the envelope's resources, which receivers and buses bound as well. The detail names all, and shorter.
const mostWorkARNs = 500

// workARNs are the ARNs of what is hit of an account, the first ones. The operator's own things, such as routers, have none.
func workARNs(hits []directconnect.WorkHit) (arns []string) {
	types := map[string]string{
		string(directconnect.Dedicated): "dxcon", string(directconnect.Interconnect): "dxcon", string(directconnect.Hosted): "dxcon",
		directconnect.HitLAG: "dxlag", directconnect.HitInterface: "dxvif",
	}
	for _, h := range hits {
		if of := types[h.Kind]; of != "" && len(arns) < mostWorkARNs {
			arns = append(arns, directconnect.ARN{
				Partition: directconnect.PartitionOf(h.Region), Region: h.Region, Account: h.Account, Type: of, ID: h.ID,
			}.String())
		}
	}
	return arns
}

// tellMaintenance records what has become of planned work, and tells every account that it hits. The operator's own things are
// told to nobody but the operator.
func (s *Service) tellMaintenance(tx *store.Tx, was directconnect.Maintenance, r MaintenanceReport) error {
	m := r.Maintenance
	if err := s.recordChange(tx, maintenanceChanged(was, m)); err != nil {
		return err
	}
	told := maintenanceTold{
		ID: m.ID, PreviousState: string(was.Status), State: string(m.Status), Impact: string(m.Impact), Starts: m.From, Ends: m.To,
		Reason: m.Reason, Sequence: m.Sequence,
	}
	for _, group := range byAccount(r.Hits) {
		told.Resources = nil
		region := group[0].Region
		for _, h := range group {
			told.Resources = append(told.Resources, h.ID)
			if h.Region != region {
				region = ""
			}
		}
		detail, err := json.Marshal(told)
		if err != nil {
			return fmt.Errorf("telling of maintenance %s: %w", m.ID, err)
		}
		if err := tx.Tell(event.Event{
			Kind: event.Maintenance, Time: s.Now(), Account: group[0].Account, Region: region, Resource: m.ID, ARNs: workARNs(group), Detail: detail,
		}); err != nil {
			return err
		}
	}
	return nil
}

// byAccount divides hits, which are sorted by account.
func byAccount(hits []directconnect.WorkHit) (groups [][]directconnect.WorkHit) {
	for i, h := range hits {
		if i == 0 || hits[i-1].Account != h.Account {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], h)
	}
	return groups
}
