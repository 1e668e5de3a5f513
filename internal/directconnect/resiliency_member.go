package directconnect

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ResiliencyMember is a connection in a resiliency group.
type ResiliencyMember struct {
	GroupID      string                `json:"-"`
	ConnectionID string                `json:"-"`
	Region       string                `json:"-"` // of the connection; the group's may be another
	Account      string                `json:"-"`
	State        ResiliencyMemberState `json:"-"`
	Due          time.Time             `json:"-"`
	Version      int64                 `json:"-"`

	Since time.Time `json:"since,omitzero"` // when State was entered
}

// Admit lets a connection of the group's account in, associating. m is its membership so far, the zero value if it has none.
func (g ResiliencyGroup) Admit(c Connection, m ResiliencyMember, now time.Time) (ResiliencyMember, error) {
	switch {
	case !c.Working():
		return m, Clientf("Connection %s is in state %s and cannot be associated with a resiliency group.", c.ID, c.State)
	case m.Counts():
		return m, Clientf("Connection %s is already associated with Resiliency Group %s.", c.ID, g.ID)
	case m.State == MemberDisassociating:
		return m, Clientf("Connection %s is being disassociated from Resiliency Group %s.", c.ID, g.ID)
	}
	admitted := ResiliencyMember{
		GroupID: g.ID, ConnectionID: c.ID, Region: c.Region, Account: c.Account, State: MemberAssociating, Due: now, Since: now,
		Version: m.Version,
	}
	if m.Ended() {
		admitted.State, _ = NextResiliencyMemberState(m.State, MemberReturn)
	}
	return admitted, nil
}

// NotInResiliencyGroup is the answer to a connection that the group does not have.
func NotInResiliencyGroup(connection, group string) *Error {
	return Clientf("Connection %s is not associated with Resiliency Group %s.", connection, group)
}

// Leave begins the end of the membership. One that is ending or has ended stays as it is.
func (m ResiliencyMember) Leave(now time.Time) ResiliencyMember {
	m, _ = m.move(MemberLeave, now)
	return m
}

// Counts reports whether the connection is in the group, or about to be.
func (m ResiliencyMember) Counts() bool {
	return m.State == MemberAssociating || m.State == MemberAssociated
}

// Ended reports whether the connection has left the group.
func (m ResiliencyMember) Ended() bool { return m.State == MemberDisassociated }

// ARN names the member.
func (m ResiliencyMember) ARN() ARN {
	return ARN{Partition: PartitionOf(m.Region), Region: m.Region, Account: m.Account, Type: "dxcon", ID: m.ConnectionID}
}

// Advance takes the membership through its transitions: in at the pace of a provisioning, out at that of a release. One
// that has ended is due when it need no longer be kept, which keep says; negative: never.
func (m ResiliencyMember) Advance(pace Pace, keep time.Duration, now time.Time) ResiliencyMember {
	m.Due = time.Time{}
	event, wait := MemberAdmitted, pace.Provision
	if m.State == MemberDisassociating {
		event, wait = MemberReleased, pace.Release
	}
	if _, ok := NextResiliencyMemberState(m.State, event); ok {
		if at := m.Since.Add(wait); now.Before(at) {
			m.Due = at
			return m
		}
		m, _ = m.move(event, now)
		m.Due = time.Time{}
	}
	if m.Ended() {
		return m.forgotten(keep)
	}
	return m
}

func (m ResiliencyMember) forgotten(keep time.Duration) ResiliencyMember {
	if keep >= 0 {
		m.Due = m.Since.Add(keep)
	}
	return m
}

// Bounds of connectionIdentifiers and clientToken (API reference 2026, AssociateConnectionsToResiliencyGroup).
const (
	maxIdentifiers      = 50
	maxIdentifierLength = 1024
	maxClientToken      = 128
)

// ClientTokenLife is how long a client token is remembered.
const ClientTokenLife = 24 * time.Hour

// CheckClientToken refuses a token that is empty or too long.
func CheckClientToken(token string) error {
	if n := utf8.RuneCountInString(token); n < 1 || n > maxClientToken {
		return Clientf("clientToken must be 1 to %d characters long.", maxClientToken)
	}
	return nil
}

// TokenReused is the answer to the token of another request.
func TokenReused(token string) *Error {
	return Clientf("clientToken %s was used for a request with other parameters.", token)
}

// ConnectionName is a connection as a request names it: by its ID in the called Region, or by an ARN of any Region.
type ConnectionName struct{ ID, Region string }

// ParseConnectionNames reads connectionIdentifiers: 1 to 50, none twice.
func ParseConnectionNames(identifiers []string, account, region string) ([]ConnectionName, error) {
	if n := len(identifiers); n < 1 || n > maxIdentifiers {
		return nil, Clientf("connectionIdentifiers must name 1 to %d connections.", maxIdentifiers)
	}
	names := make([]ConnectionName, 0, len(identifiers))
	for _, s := range identifiers {
		name, err := parseConnectionName(s, account, region)
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, name) {
			return nil, Clientf("Connection %s is named more than once in connectionIdentifiers.", name.ID)
		}
		names = append(names, name)
	}
	return names, nil
}

func parseConnectionName(s, account, region string) (ConnectionName, error) {
	if n := utf8.RuneCountInString(s); n < 1 || n > maxIdentifierLength {
		return ConnectionName{}, Clientf("Each of connectionIdentifiers must be 1 to %d characters long.", maxIdentifierLength)
	}
	if !strings.HasPrefix(s, "arn:") {
		return ConnectionName{s, region}, CheckConnectionID(s)
	}
	at := ""
	if parts := strings.SplitN(s, ":", 6); len(parts) == 6 {
		at = parts[3]
	}
	a, err := ParseARN(s, account, at)
	if err != nil {
		return ConnectionName{}, err
	}
	if a.Type != "dxcon" || a.Region == "" || a.Partition != PartitionOf(region) {
		return ConnectionName{}, Clientf("Resource ARN %s is not valid.", s)
	}
	if a.Account != account {
		return ConnectionName{}, NoConnection(a.ID)
	}
	return ConnectionName{a.ID, a.Region}, CheckConnectionID(a.ID)
}
