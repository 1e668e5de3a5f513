package store

import (
	"database/sql"
	"time"
)

// Agent is what is known of the agent of a router. There is no secret in it: of its token the hash, of its keys the public
// one.
type Agent struct {
	Router  string `json:"-"`
	Version int64  `json:"-"`

	TokenHash    string    `json:"tokenHash,omitempty"` // of the token that is out; empty: none is
	TokenExpires time.Time `json:"tokenExpires,omitzero"`

	Enrolment  string    `json:"enrolment,omitempty"` // tells this enrolment from earlier ones; empty: none is good
	SealingKey []byte    `json:"sealingKey,omitempty"`
	Enrolled   time.Time `json:"enrolled,omitzero"`
	Expires    time.Time `json:"expires,omitzero"` // of the newest certificate
	Revoked    time.Time `json:"revoked,omitzero"`

	Server    string    `json:"server,omitempty"` // that has heard of it last
	Connected time.Time `json:"connected,omitzero"`
	Seen      time.Time `json:"seen,omitzero"`
	Waiting   bool      `json:"waiting,omitempty"`  // for its operator to accept the first plan
	Drift     []string  `json:"drift,omitempty"`    // what is not as it should be although it was told again
	Repairs   uint64    `json:"repairs,omitempty"`  // how often something was found changed and was put right
	Repaired  []string  `json:"repaired,omitempty"` // what that was the last time
}

const agentColumns = "router, version, body"

func scanAgent(r *sql.Rows) (a Agent, err error) {
	var body string
	if err := r.Scan(&a.Router, &a.Version, &body); err != nil {
		return a, err
	}
	return a, decodeBody(body, &a)
}

// Agent answers the agent of a router.
func (tx *Tx) Agent(router string) (Agent, error) {
	return row(tx, "SELECT "+agentColumns+" FROM agent WHERE router = ?", router, scanAgent)
}

// Agents answers the agents after a router, at most limit of them (0: all), ordered by router.
func (tx *Tx) Agents(after string, most int) ([]Agent, error) {
	return rows(tx, "SELECT "+agentColumns+" FROM agent WHERE router > ? ORDER BY router"+limit(most), []any{after}, scanAgent)
}

// PutAgent inserts a when its Version is 0, and otherwise replaces the row if it still has that version (ErrConflict). It
// moves a.Version on.
func (tx *Tx) PutAgent(a *Agent) error {
	body, err := encodeBody(a)
	if err != nil {
		return err
	}
	if a.Version == 0 {
		_, err := tx.exec("INSERT INTO agent (version, body, router) VALUES (1, ?, ?)", body, a.Router)
		if err == nil {
			a.Version = 1
		}
		return err
	}
	return tx.swap(&a.Version, "UPDATE agent SET version = version + 1, body = ? WHERE router = ? AND version = ?", body, a.Router, a.Version)
}

// DeleteAgent removes what is known of a router's agent.
func (tx *Tx) DeleteAgent(router string) error {
	return tx.remove("DELETE FROM agent WHERE router = ?", router)
}
