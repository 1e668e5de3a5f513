package conformance

import (
	"net/http"
	"testing"

	"onramp/internal/controlplane"
)

// TestNotBuiltIsAServerException: an operation that exists but is not built is told apart from one that does not exist.
func TestNotBuiltIsAServerException(t *testing.T) {
	t.Parallel()
	a := open(t).as(t, alice)
	for _, o := range controlplane.OperationNames() {
		if !o.Built {
			a.send(o.Name, `{}`).is(t, http.StatusBadRequest, server, o.Name+" is not built in this version of Onramp.")
			break
		}
	}
	x := a.send("CreateWormhole", `{}`)
	if x.status != http.StatusBadRequest || x.body != `{"__type":"UnknownOperationException"}` {
		t.Errorf("HTTP %d %s", x.status, x.body)
	}
}
