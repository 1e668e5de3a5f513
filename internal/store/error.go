package store

import "errors"

var (
	// ErrNotFound is the answer to a key that names no row.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict is the answer to a Put whose noun has been saved by somebody else since it was read. Update runs its
	// function again a few times on it before giving up.
	ErrConflict = errors.New("store: the row was changed meanwhile")
	// ErrTaken is wrapped by every TakenError.
	ErrTaken = errors.New("store: already taken")
	// ErrReferenced is the answer to a row that refers to one that is not there (a router without its location), or to the
	// removal of a row that others refer to.
	ErrReferenced = errors.New("store: a row that is referred to must be there")
	// ErrClosed is the answer of a store that has been closed.
	ErrClosed = errors.New("store: closed")
)

// TakenError is a uniqueness that a Put would have broken. The transaction is over after it: every later call in it
// answers the same error, and Update leaves nothing behind.
type TakenError struct {
	// What is taken: "id", "vlan" (of a parent), "port" (by a connection), "connection" (it holds another port), "arn",
	// "address" (a session's subnet on a parent), "association" (of two gateways) or "member" (of a resiliency group).
	What string
}

func (e *TakenError) Error() string { return "store: " + e.What + " is already taken" }

// Unwrap makes errors.Is(err, ErrTaken) true.
func (e *TakenError) Unwrap() error { return ErrTaken }

// taken names what a broken constraint protects: by the columns as SQLite reports them, and by the constraint's name as
// PostgreSQL does.
var taken = map[string]string{
	"connection.parent_id, connection.vlan": "vlan",
	"connection_vlan":                       "vlan",
	"port.connection_id":                    "connection",
	"port_connection":                       "connection",
	"secret.arn":                            "arn",
	"secret_pkey":                           "arn",

	"virtual_interface.parent_id, virtual_interface.vlan": "vlan",
	"virtual_interface_vlan":                              "vlan",
	"vif_address.parent_id, vif_address.subnet":           "address",
	"vif_address_pkey":                                    "address",
	"association.gateway_id, association.far_id":          "association",
	"association_pair":                                    "association",
	"resiliency_member.id":                                "member",
	"resiliency_member_pkey":                              "member",
}

func takenError(constraint string) *TakenError {
	if what, ok := taken[constraint]; ok {
		return &TakenError{What: what}
	}
	return &TakenError{What: "id"} // every other one is a primary key
}
