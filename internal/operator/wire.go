package operator

import (
	"time"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// The objects of the API. Times are RFC 3339 in UTC.

// Account is a configured account.
type Account struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Partner string `json:"partner"` // nonPartner, v1, v2
	Quotas  Quotas `json:"quotas"`
}

// Quotas of an account; 0 is no limit.
type Quotas struct {
	ConnectionsPerLocation int `json:"connectionsPerLocation"`
	LAGsPerRegion          int `json:"lagsPerRegion"`
	Gateways               int `json:"gateways"`
	MACsecKeys             int `json:"macsecKeys"`
}

// AccountChange is the body of POST and PATCH: what is absent stays, or is as new accounts have it. ID is for POST only;
// without it one is made up.
type AccountChange struct {
	ID      string      `json:"id,omitempty" audit:"yes"`
	Name    *string     `json:"name,omitempty" audit:"yes"`
	Partner *string     `json:"partner,omitempty" audit:"yes"`
	Quotas  QuotaChange `json:"quotas,omitzero" audit:"yes"`
}

// QuotaChange is what of the quotas is to change.
type QuotaChange struct {
	ConnectionsPerLocation *int `json:"connectionsPerLocation,omitempty"`
	LAGsPerRegion          *int `json:"lagsPerRegion,omitempty"`
	Gateways               *int `json:"gateways,omitempty"`
	MACsecKeys             *int `json:"macsecKeys,omitempty"`
}

// AccessKey is a key pair. Secret is there once, in the answer that makes it, and in the request that imports it.
type AccessKey struct {
	ID       string    `json:"id"`
	Account  string    `json:"account,omitempty"`
	User     string    `json:"user,omitempty"` // whose it is; absent: the account's own
	Created  time.Time `json:"created,omitzero"`
	Disabled bool      `json:"disabled,omitempty"`
	Secret   string    `json:"secret,omitempty"`
}

// Connection is a connection, hosted connection or interconnect of any account.
type Connection struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"` // dedicated, interconnect, hosted
	Account   string `json:"account"`
	Region    string `json:"region"`
	Location  string `json:"location"`
	Name      string `json:"name"`
	Bandwidth string `json:"bandwidth"`
	State     string `json:"state"`
	Reason    string `json:"reason,omitempty"` // why it was refused, lapsed or is down
	LagID     string `json:"lagId,omitempty"`
	ParentID  string `json:"parentId,omitempty"`
	Partner   string `json:"partner,omitempty"` // account that hosts it
	Provider  string `json:"provider,omitempty"`
	VLAN      int32  `json:"vlan,omitempty"`
	Router    string `json:"router,omitempty"`
	Port      string `json:"port,omitempty"` // the router's name, a slash, the port's

	MACsec         bool   `json:"macsec,omitempty"`
	EncryptionMode string `json:"encryptionMode,omitempty"`
	Encrypted      bool   `json:"encrypted,omitempty"`

	Created        time.Time `json:"created,omitzero"`
	Since          time.Time `json:"since,omitzero"` // of the state
	Approved       time.Time `json:"approved,omitzero"`
	LOARead        time.Time `json:"loaRead,omitzero"`
	LOAExpires     time.Time `json:"loaExpires,omitzero"`
	CrossConnected time.Time `json:"crossConnected,omitzero"`
	CableCut       bool      `json:"cableCut,omitempty"`
	Due            time.Time `json:"due,omitzero"` // when the reconciler looks again
	Ended          time.Time `json:"ended,omitzero"`

	// Of a single connection only.
	LOACode string               `json:"loaCode,omitempty"`
	Optic   string               `json:"optic,omitempty"`
	Panel   *directconnect.Panel `json:"panel,omitempty"`
	Reading *PortReading         `json:"reading,omitempty"` // if it was asked for and the connection has a port
}

// Connections is a page. After goes into the query of the next one; empty on the last.
type Connections struct {
	Connections []Connection `json:"connections"`
	After       string       `json:"after,omitempty"`
}

// Clock is the time that orders and links live by.
type Clock struct {
	Now       time.Time `json:"now"`
	Offset    string    `json:"offset"` // how far it is ahead of the real time, as 72h0m0s
	Simulated bool      `json:"simulated"`
}

// LOA is what is true of a letter.
type LOA struct {
	Valid        bool      `json:"valid"`
	Reason       string    `json:"reason,omitempty"`
	ConnectionID string    `json:"connectionId"`
	Name         string    `json:"name"`
	Account      string    `json:"account"`
	Location     string    `json:"location"`
	State        string    `json:"state"`
	Issued       time.Time `json:"issued,omitzero"`
	Expires      time.Time `json:"expires,omitzero"`
}

// InventoryChanges is what applying an inventory did, or would do.
type InventoryChanges struct {
	DryRun  bool   `json:"dryRun"`
	Changed bool   `json:"changed"` // whether there is any difference
	Summary string `json:"summary"`
	Diff    string `json:"diff"`
}

func accountOf(a directconnect.Account) Account {
	return Account{ID: a.ID, Name: a.Name, Partner: string(a.Partner), Quotas: Quotas(a.Quotas)}
}

func accessKeyOf(k controlplane.AccessKey) AccessKey {
	return AccessKey{ID: k.ID, Account: k.Account, User: k.User, Created: k.Created, Disabled: k.Disabled}
}

func connectionOf(c directconnect.Connection) Connection {
	return Connection{
		ID: c.ID, Kind: string(c.Kind), Account: c.Account, Region: c.Region, Location: c.Location, Name: c.Name,
		Bandwidth: string(c.Bandwidth), State: string(c.State), Reason: c.Reason, LagID: c.LagID, ParentID: c.ParentID,
		Partner: c.Partner, Provider: c.ProviderName, VLAN: c.VLAN, Router: c.Router, Port: c.PortID,
		MACsec: c.MACsec, EncryptionMode: string(c.EncryptionMode), Encrypted: c.EncryptionUp,
		Created: c.Created, Since: c.Since, Approved: c.Approved, LOARead: c.LOARead, LOAExpires: c.LOAExpires(),
		CrossConnected: c.CrossConnected, CableCut: c.Cut, Due: c.Due, Ended: c.Deleted,
	}
}
