package controlplane

import (
	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// resiliencyGroupType is the only one recorded (API reference 2026, ResiliencyGroup.resiliencyGroupType).
const resiliencyGroupType = "Managed"

// renderResiliencyGroup is the one place that renders a ResiliencyGroup. The intended model is not told, and tags are there
// only if there is one.
func renderResiliencyGroup(g directconnect.ResiliencyGroup) *api.ResiliencyGroup {
	m := renderResiliencySummary(g)
	out := &api.ResiliencyGroup{
		OwnerAccount: m.OwnerAccount, ResiliencyGroupARN: m.ResiliencyGroupARN, ResiliencyGroupID: m.ResiliencyGroupID,
		ResiliencyGroupName: m.ResiliencyGroupName, ResiliencyGroupType: m.ResiliencyGroupType, State: m.State,
	}
	if len(g.Tags) > 0 {
		out.Tags = renderTags(g.Tags)
	}
	return out
}

func renderResiliencySummary(g directconnect.ResiliencyGroup) api.ResiliencyGroupSummary {
	arn, kind := g.ARN().String(), resiliencyGroupType
	return api.ResiliencyGroupSummary{
		OwnerAccount: &g.Account, ResiliencyGroupARN: &arn, ResiliencyGroupID: &g.ID, ResiliencyGroupName: &g.Name,
		ResiliencyGroupType: &kind, State: text(g.State),
	}
}

func renderMembers(members []directconnect.ResiliencyMember) []api.ResiliencyGroupAssociation {
	out := make([]api.ResiliencyGroupAssociation, 0, len(members))
	for _, m := range members {
		arn := m.ARN().String()
		out = append(out, api.ResiliencyGroupAssociation{ConnectionARN: &arn, ResiliencyGroupID: &m.GroupID, State: text(m.State)})
	}
	return out
}
