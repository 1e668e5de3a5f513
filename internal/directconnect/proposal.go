package directconnect

import "time"

// Proposal asks the owner of a Direct Connect gateway to associate a gateway of another account (API reference,
// DirectConnectGatewayAssociationProposal).
type Proposal struct {
	ID           string        `json:"-"`
	GatewayID    string        `json:"-"`
	GatewayOwner string        `json:"-"`
	Proposer     string        `json:"-"` // who owns the far side
	FarID        string        `json:"-"`
	State        ProposalState `json:"-"`
	Created      time.Time     `json:"-"`
	Due          time.Time     `json:"-"`
	Version      int64         `json:"-"`

	Far       Far       `json:"far"`
	Requested []string  `json:"requested,omitempty"`
	Since     time.Time `json:"since,omitzero"`
}

// How long a proposal is open, and how long it is shown after that (user guide, "Virtual private gateway associations").
const (
	ProposalOpen  = 7 * 24 * time.Hour
	ProposalShown = 3 * 24 * time.Hour
)

// NewProposal asks for an association, or for other prefixes on the existing one: have are its prefixes, or the far side's
// own networks when there is none.
func NewProposal(id string, g Gateway, owner string, f FarGateway, have, add, remove []string, now time.Time) (Proposal, error) {
	if g.Account != owner || g.Usable() != nil {
		return Proposal{}, NoGateway(g.ID)
	}
	a := Association{State: Associated, Allowed: have, Far: Far{Kind: VirtualPrivateGateway}}
	a, err := a.Update(add, remove, nil, now)
	if err != nil {
		return Proposal{}, err
	}
	return Proposal{
		ID: id, GatewayID: g.ID, GatewayOwner: owner, Proposer: f.Account, FarID: f.ID, State: ProposalRequested,
		Created: now, Due: now.Add(ProposalOpen), Since: now,
		Far:       Far{Kind: f.Kind, Account: f.Account, Region: f.Region, ASN: f.ASN, CIDRs: f.CIDRs},
		Requested: a.Allowed,
	}, nil
}

// NoProposal is the answer to a proposal that is not there; clients look for "is not found".
func NoProposal(id string) *Error {
	return Clientf("Direct Connect Gateway Association Proposal %s is not found.", id)
}

// NoProposedGateway is the recorded answer to a proposal whose far side is gone.
func NoProposedGateway(id string) *Error {
	return Clientf("The Virtual Gateway in the Direct Connect Gateway Association Proposal %s is not found", id)
}

// Accept closes the proposal; override replaces the prefixes it asked for, an empty one keeps them.
func (p Proposal) Accept(override []string, now time.Time) (Proposal, error) {
	next, ok := p.move(ProposalAccept, now)
	switch {
	case p.State == ProposalAccepted:
		return p, Clientf("Direct Connect Gateway Association Proposal %s has been accepted!", p.ID)
	case !ok:
		return p, NoProposal(p.ID)
	}
	if len(override) > 0 {
		allowed, err := ParsePrefixes(override)
		if err != nil {
			return p, err
		}
		next.Requested = allowed
	}
	return next, nil
}

// Delete withdraws the proposal.
func (p Proposal) Delete(now time.Time) (Proposal, error) {
	p, ok := p.move(ProposalDelete, now)
	if !ok {
		return p, NoProposal(p.ID)
	}
	return p, nil
}

// Shown reports whether the proposal is still listed.
func (p Proposal) Shown(now time.Time) bool {
	if p.State == ProposalRequested {
		return now.Before(p.Created.Add(ProposalOpen + ProposalShown))
	}
	return now.Before(p.Since.Add(ProposalShown))
}

// Lapse is the proposal as it stands now: one that nobody answered in time is deleted, also before that was saved.
func (p Proposal) Lapse(now time.Time) Proposal {
	if at := p.Created.Add(ProposalOpen); !now.Before(at) {
		p, _ = p.move(ProposalLapse, at) // one that was answered stays as it is
	}
	return p
}

// Advance lets an open proposal lapse, and answers when to look again.
func (p Proposal) Advance(now time.Time) Proposal {
	p = p.Lapse(now)
	if !p.Due.IsZero() && !now.Before(p.Due) {
		p.Due = time.Time{}
	}
	return p
}
