package directconnect

import "time"

// ResiliencyGroupState is the state of a resiliency group (API reference, ResiliencyGroup.state).
type ResiliencyGroupState string

const (
	ResiliencyPending   ResiliencyGroupState = "pending"
	ResiliencyAvailable ResiliencyGroupState = "available"
	ResiliencyDeleting  ResiliencyGroupState = "deleting"
	ResiliencyDeleted   ResiliencyGroupState = "deleted"
)

// ResiliencyGroup is a set of connections that are meant to stand in for each other (API reference, ResiliencyGroup).
// Fields marked json:"-" are columns of their own in the store.
type ResiliencyGroup struct {
	ID      string               `json:"-"` // dxrg-...
	Account string               `json:"-"`
	Region  string               `json:"-"`
	State   ResiliencyGroupState `json:"-"`
	Created time.Time            `json:"-"`
	Due     time.Time            `json:"-"`
	Deleted time.Time            `json:"-"`
	Version int64                `json:"-"`

	Name  string    `json:"name"`
	Model string    `json:"model"` // the intended one: maximum-resiliency, high-resiliency or basic-resiliency
	Tags  []Tag     `json:"tags,omitempty"`
	Since time.Time `json:"since,omitzero"` // when State was entered
}

// ResiliencyMemberState is the state of a connection's association with a resiliency group (API reference,
// ResiliencyGroupAssociation.state).
type ResiliencyMemberState string

const (
	MemberAssociating    ResiliencyMemberState = "associating"
	MemberAssociated     ResiliencyMemberState = "associated"
	MemberDisassociating ResiliencyMemberState = "disassociating"
	MemberDisassociated  ResiliencyMemberState = "disassociated"
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
