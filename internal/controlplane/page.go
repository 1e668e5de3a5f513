package controlplane

import (
	"encoding/json"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// maxPage is the size of a page: what is asked above it is silently that (API reference, maxResults), and so is what does
// not ask.
const maxPage = 100

// pager reads maxResults and nextToken of one list call and writes the next token. Its scope binds a token to the call,
// the account, the Region and the filter that it was made for.
type pager struct {
	seal  Sealer
	scope string
	after store.Cursor
	size  int
}

// pager opens the token, if there is one.
func (s *Service) pager(operation string, caller Caller, filter string, maxResults *int32, token *string) (pager, error) {
	p := pager{
		seal:  s.Seal,
		scope: "page/" + operation + "/" + caller.Account + "/" + caller.Region + "/" + filter,
		size:  maxPage,
	}
	if maxResults != nil {
		if *maxResults < 1 {
			return p, directconnect.Clientf("maxResults %d is not valid. It must be at least 1.", *maxResults)
		}
		p.size = min(int(*maxResults), maxPage)
	}
	if token != nil {
		after, err := openToken(s.Seal, p.scope, *token)
		if err != nil {
			return p, err
		}
		p.after = after
	}
	return p, nil
}

// cursor is what a token hides: where the page before ended.
type cursor struct {
	Created int64  `json:"c"` // microseconds
	ID      string `json:"i"`
}

func openToken(seal Sealer, scope, token string) (store.Cursor, error) {
	invalid := directconnect.Clientf("nextToken is not valid.")
	plain, err := seal.Open(token, scope)
	if err != nil {
		return store.Cursor{}, invalid
	}
	var c cursor
	if err := json.Unmarshal(plain, &c); err != nil {
		return store.Cursor{}, invalid
	}
	return store.Cursor{Created: time.UnixMicro(c.Created).UTC(), ID: c.ID}, nil
}

// limit is how many rows to load: one more than the page, to know whether another follows.
func (p pager) limit() int { return p.size + 1 }

// page cuts rows to the page and answers the token of the next one, nil on the last.
func page[T any](p pager, rows []T, at func(T) store.Cursor) ([]T, *string, error) {
	if len(rows) <= p.size {
		return rows, nil, nil
	}
	rows = rows[:p.size]
	last := at(rows[len(rows)-1])
	plain, err := json.Marshal(cursor{last.Created.UnixMicro(), last.ID})
	if err != nil {
		return nil, nil, err
	}
	token, err := p.seal.Seal(plain, p.scope)
	if err != nil {
		return nil, nil, err
	}
	return rows, &token, nil
}

func connectionCursor(c directconnect.Connection) store.Cursor {
	return store.Cursor{Created: c.Created, ID: c.ID}
}

func lagCursor(g directconnect.LAG) store.Cursor { return store.Cursor{Created: g.Created, ID: g.ID} }
