package onramptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"onramp/internal/operator"
)

// Operator is who runs the installation: what people at the provider would do, and what happens to cables.
type Operator struct {
	t      testing.TB
	server *Server
	client *operator.Client
}

// Operator answers the installation's operator.
func (s *Server) Operator() *Operator {
	return &Operator{s.t, s, s.server.Operator()}
}

// move ends the test when a move was refused.
func (o *Operator) move(what, id string, err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatalf("onramptest: %s %s: %v", what, id, err)
	}
	o.server.Settle()
}

// Approve approves an order at the pace "manual": its letter (LOA-CFA) can be downloaded then.
func (o *Operator) Approve(connection string) {
	o.t.Helper()
	_, err := o.client.MoveConnection(o.t.Context(), connection, "approve", "")
	o.move("approving", connection, err)
}

// Refuse refuses an order, with a reason.
func (o *Operator) Refuse(connection, reason string) {
	o.t.Helper()
	_, err := o.client.MoveConnection(o.t.Context(), connection, "refuse", reason)
	o.move("refusing", connection, err)
}

// Plug plugs the cable of a connection at the pace "manual": it becomes available.
func (o *Operator) Plug(connection string) {
	o.t.Helper()
	_, err := o.client.MoveConnection(o.t.Context(), connection, "plug", "")
	o.move("plugging", connection, err)
}

// Cut cuts the cable of a connection: it goes down, and the virtual interfaces on it.
func (o *Operator) Cut(connection string) {
	o.t.Helper()
	_, err := o.client.MoveConnection(o.t.Context(), connection, "cut", "")
	o.move("cutting", connection, err)
}

// Restore mends a cable that was cut.
func (o *Operator) Restore(connection string) {
	o.t.Helper()
	_, err := o.client.MoveConnection(o.t.Context(), connection, "restore", "")
	o.move("restoring", connection, err)
}

// AddGateway adds a virtual private gateway (vgw-...) or transit gateway (tgw-...) of an account to what lies on the far
// side, with the networks behind it: what a private virtual interface or an association can lead to. asn is its side's, 0
// the usual 64512.
func (o *Operator) AddGateway(id, account, region string, asn int64, networks ...string) {
	o.t.Helper()
	change := operator.GatewayChange{ID: id, Account: account, Region: region, CIDRs: networks}
	if asn != 0 {
		change.ASN = &asn
	}
	_, err := o.client.AddGateway(o.t.Context(), change)
	o.move("adding gateway", id, err)
}

// Call asks the operator's API for anything else: GET /v1/openapi.json describes all there is. in goes as JSON, unless it is
// nil, and the answer's JSON into out, unless that is nil. It answers the status, of which the caller makes what it wants.
func (o *Operator) Call(method, path string, in, out any) (status int) {
	o.t.Helper()
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			o.t.Fatalf("onramptest: %s %s: %v", method, path, err)
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.server.OperatorEndpoint+path, body)
	if err != nil {
		o.t.Fatalf("onramptest: %s %s: %v", method, path, err)
	}
	r.Header.Set("Authorization", "Bearer "+o.server.OperatorToken)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatalf("onramptest: %s %s: %v", method, path, err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err == nil && out != nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		o.t.Fatalf("onramptest: %s %s: %v", method, path, err)
	}
	return w.StatusCode
}
