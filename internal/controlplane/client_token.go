package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// repeatable is a request that its client token makes harmless to repeat. Without a token it is done each time.
type repeatable struct {
	account   string
	operation string // with its Region: a token is good for one
	token     string
	hash      string // of what is asked
}

// repeatable reads a client token; asked is the request without it.
func (c Caller) repeatable(operation string, token *string, asked any) (repeatable, error) {
	r := repeatable{account: c.Account, operation: c.Region + "/" + operation}
	if token == nil {
		return r, nil
	}
	if err := directconnect.CheckClientToken(*token); err != nil {
		return r, err
	}
	plain, err := json.Marshal(asked)
	if err != nil {
		return r, err
	}
	sum := sha256.Sum256(plain)
	r.token, r.hash = *token, hex.EncodeToString(sum[:])
	return r, storable("clientToken", *token)
}

// once makes the change, unless the same request with this token has made it already. It answers the ID of what was made
// or changed, then or now.
func (r repeatable) once(tx *store.Tx, now time.Time, change func() (id string, err error)) (string, error) {
	if r.token == "" {
		return change()
	}
	used, err := tx.ClientToken(r.account, r.operation, r.token)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return "", err
	case used.Created.Before(now.Add(-directconnect.ClientTokenLife)):
	case used.RequestHash != r.hash:
		return "", directconnect.TokenReused(r.token)
	default:
		return used.AnswerID, nil
	}
	id, err := change()
	if err != nil {
		return "", err
	}
	return id, tx.PutClientToken(store.ClientToken{
		Account: r.account, Operation: r.operation, Token: r.token, RequestHash: r.hash, AnswerID: id, Created: now,
	})
}
