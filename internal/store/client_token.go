package store

import "time"

// ClientToken is what a request with a client token has done: its repetition answers the same and does nothing.
type ClientToken struct {
	Account     string
	Operation   string
	Token       string
	RequestHash string // of what was asked, so that the token of another request is noticed
	AnswerID    string // of what was made or changed
	Created     time.Time
}

// ClientToken answers what a token was used for.
func (tx *Tx) ClientToken(account, operation, token string) (ClientToken, error) {
	t := ClientToken{Account: account, Operation: operation, Token: token}
	var created int64
	err := tx.one("SELECT request_hash, answer_id, created FROM client_token WHERE account = ? AND operation = ? AND token = ?",
		[]any{account, operation, token}, &t.RequestHash, &t.AnswerID, &created)
	if err != nil {
		return ClientToken{}, err
	}
	t.Created = fromMicros(created)
	return t, nil
}

// PutClientToken keeps what a token was used for, in place of an earlier use.
func (tx *Tx) PutClientToken(t ClientToken) error {
	_, err := tx.exec("INSERT INTO client_token (account, operation, token, request_hash, answer_id, created) VALUES (?, ?, ?, ?, ?, ?) "+
		"ON CONFLICT (account, operation, token) DO UPDATE SET request_hash = excluded.request_hash, "+
		"answer_id = excluded.answer_id, created = excluded.created",
		t.Account, t.Operation, t.Token, t.RequestHash, t.AnswerID, micros(t.Created))
	return err
}

// PurgeClientTokens removes tokens that were used before a time, at most limit, and answers how many.
func (tx *Tx) PurgeClientTokens(before time.Time, limit int) (int, error) {
	return tx.exec("DELETE FROM client_token WHERE (account, operation, token) IN "+
		"(SELECT account, operation, token FROM client_token WHERE created < ? ORDER BY created LIMIT ?)", micros(before), limit)
}
