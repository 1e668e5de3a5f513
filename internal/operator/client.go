package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Client calls the operator's API of a server.
type Client struct {
	Base  string // such as http://127.0.0.1:7225
	Token string
	HTTP  *http.Client // nil: http.DefaultClient
	// Agent is what the client says of itself (User-Agent), which the audit trail has; nothing proves it. Empty: Go's own.
	Agent string
}

// ErrNoServer is wrapped by the errors of a server that cannot be reached.
var ErrNoServer = errors.New("there is no server")

// maxAnswer bounds what is read of an answer.
const maxAnswer = 256 << 20

// call sends in as JSON, unless it is nil or a []byte, and reads the answer into out, unless that is nil. The error of an
// answer that is none of the 200s is a *Problem.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	var content io.Reader
	switch in := in.(type) {
	case nil:
	case []byte:
		content = bytes.NewReader(in)
	default:
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	accept := "application/json"
	if _, raw := out.(*[]byte); raw {
		accept = ""
	}
	w, err := c.send(ctx, method, path, accept, content)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	return answer(w, out)
}

// send makes a request and answers what came back, whatever it says. accept may be empty.
func (c *Client) send(ctx context.Context, method, path, accept string, content io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.Base, "/")+path, content)
	if err != nil {
		return nil, fmt.Errorf("the operator address %q is not a URL such as http://127.0.0.1:7225", c.Base)
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	if c.Agent != "" {
		r.Header.Set("User-Agent", c.Agent)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	w, err := client.Do(r)
	if err != nil {
		if _, ok := errors.AsType[*net.OpError](err); ok {
			return nil, fmt.Errorf("%w at %s", ErrNoServer, c.Base)
		}
		return nil, fmt.Errorf("calling the operator API: %w", err)
	}
	return w, nil
}

// answer reads what came back into out.
func answer(w *http.Response, out any) error {
	text, err := io.ReadAll(io.LimitReader(w.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("reading the operator API's answer: %w", err)
	}
	if w.StatusCode < 200 || w.StatusCode > 299 {
		var e envelope
		if err := json.Unmarshal(text, &e); err != nil || e.Error == "" {
			e.Error = "the server answered " + w.Status
		}
		return &Problem{w.StatusCode, e.Error}
	}
	switch out := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*out = text
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("the operator API's answer is not what this program expects: %w", err)
	}
	return nil
}

// ask calls for one object.
func ask[T any](ctx context.Context, c *Client, method, path string, query url.Values, in any) (T, error) {
	var out T
	err := c.call(ctx, method, path, query, in, &out)
	return out, err
}

// AddAccount configures an account.
func (c *Client) AddAccount(ctx context.Context, in AccountChange) (Account, error) {
	return ask[Account](ctx, c, "POST", "/v1/accounts", nil, in)
}

// SetAccount changes an account.
func (c *Client) SetAccount(ctx context.Context, id string, in AccountChange) (Account, error) {
	return ask[Account](ctx, c, "PATCH", "/v1/accounts/"+url.PathEscape(id), nil, in)
}

// Account answers an account.
func (c *Client) Account(ctx context.Context, id string) (Account, error) {
	return ask[Account](ctx, c, "GET", "/v1/accounts/"+url.PathEscape(id), nil, nil)
}

// Accounts lists all accounts.
func (c *Client) Accounts(ctx context.Context) (all []Account, err error) {
	query := url.Values{}
	for {
		var page []Account
		if err := c.call(ctx, "GET", "/v1/accounts", query, nil, &page); err != nil {
			return nil, err
		}
		if all = append(all, page...); len(page) < accountPage {
			return all, nil
		}
		query.Set("after", page[len(page)-1].ID)
	}
}

// AddAccessKey makes a key pair of the account's own, or imports the given one.
func (c *Client) AddAccessKey(ctx context.Context, account, id, secret string) (AccessKey, error) {
	return c.AddUserAccessKey(ctx, account, "", id, secret)
}

// AddUserAccessKey is AddAccessKey for a user of the account.
func (c *Client) AddUserAccessKey(ctx context.Context, account, user, id, secret string) (AccessKey, error) {
	in := map[string]string{"id": id, "secret": secret, "user": user}
	return ask[AccessKey](ctx, c, "POST", "/v1/accounts/"+url.PathEscape(account)+"/access-keys", nil, in)
}

// AccessKeys lists an account's key pairs, without their secrets.
func (c *Client) AccessKeys(ctx context.Context, account string) ([]AccessKey, error) {
	return ask[[]AccessKey](ctx, c, "GET", "/v1/accounts/"+url.PathEscape(account)+"/access-keys", nil, nil)
}

// DisableAccessKey has requests with a key refused until EnableAccessKey.
func (c *Client) DisableAccessKey(ctx context.Context, account, id string) (AccessKey, error) {
	return ask[AccessKey](ctx, c, "POST", accessKeyPath(account, id)+"/disable", nil, nil)
}

// EnableAccessKey has a disabled key be good again.
func (c *Client) EnableAccessKey(ctx context.Context, account, id string) (AccessKey, error) {
	return ask[AccessKey](ctx, c, "POST", accessKeyPath(account, id)+"/enable", nil, nil)
}

func accessKeyPath(account, id string) string {
	return "/v1/accounts/" + url.PathEscape(account) + "/access-keys/" + url.PathEscape(id)
}

// RemoveAccessKey removes a key pair.
func (c *Client) RemoveAccessKey(ctx context.Context, account, id string) error {
	return c.call(ctx, "DELETE", accessKeyPath(account, id), nil, nil, nil)
}

// Inventory answers the inventory as YAML.
func (c *Client) Inventory(ctx context.Context) ([]byte, error) {
	return ask[[]byte](ctx, c, "GET", "/v1/inventory", nil, nil)
}

// ApplyInventory makes a YAML (or JSON) text the inventory, or only tells what that would change.
func (c *Client) ApplyInventory(ctx context.Context, text []byte, dryRun bool) (InventoryChanges, error) {
	query := url.Values{}
	if dryRun {
		query.Set("dry-run", "true")
	}
	return ask[InventoryChanges](ctx, c, "PUT", "/v1/inventory", query, text)
}

// Connections answers a page of connections.
func (c *Client) Connections(ctx context.Context, query url.Values) (Connections, error) {
	return ask[Connections](ctx, c, "GET", "/v1/connections", query, nil)
}

// Connection answers a connection.
func (c *Client) Connection(ctx context.Context, id string) (Connection, error) {
	return ask[Connection](ctx, c, "GET", "/v1/connections/"+url.PathEscape(id), nil, nil)
}

// ReadConnection answers a connection with what its router measures and counts at its port now.
func (c *Client) ReadConnection(ctx context.Context, id string) (Connection, error) {
	return ask[Connection](ctx, c, "GET", "/v1/connections/"+url.PathEscape(id), andRead(), nil)
}

// MoveConnection approves, refuses, plugs, cuts or restores; reason goes with refuse.
func (c *Client) MoveConnection(ctx context.Context, id, move, reason string) (Connection, error) {
	in := map[string]string{}
	if reason != "" {
		in["reason"] = reason
	}
	return ask[Connection](ctx, c, "POST", "/v1/connections/"+url.PathEscape(id)+"/"+url.PathEscape(move), nil, in)
}

// Clock answers the time.
func (c *Client) Clock(ctx context.Context) (Clock, error) {
	return ask[Clock](ctx, c, "GET", "/v1/clock", nil, nil)
}

// AdvanceClock turns the clock forward, by a duration as ParseDuration reads it.
func (c *Client) AdvanceClock(ctx context.Context, by string) (Clock, error) {
	return ask[Clock](ctx, c, "POST", "/v1/clock", nil, map[string]string{"advance": by})
}

// VerifyLOA tells what is true of a letter; connection may be empty.
func (c *Client) VerifyLOA(ctx context.Context, code, connection string) (LOA, error) {
	query := url.Values{}
	if connection != "" {
		query.Set("connection", connection)
	}
	return ask[LOA](ctx, c, "GET", "/v1/loa/"+url.PathEscape(code), query, nil)
}
