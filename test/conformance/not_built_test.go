package conformance

import (
	"net/http"
	"testing"

	"onramp/internal/controlplane"
)

// TestNotBuiltOperationsSaySo: each of them, whatever it is sent, and none of them changes anything.
func TestNotBuiltOperationsSaySo(t *testing.T) {
	t.Parallel()
	w := open(t)
	a := w.as(t, alice)
	id := a.order(t, ashburn, "1Gbps", "x")
	w.unchanged(t, func() {
		for _, o := range controlplane.OperationNames() {
			if o.Built {
				continue
			}
			want := `{"__type":"DirectConnectServerException","message":"` + o.Name + ` is not built in this version of Onramp."}`
			for _, body := range []string{``, `{}`, `{"connectionId":"` + id + `","virtualInterfaceId":"dxvif-ffhhk74f"}`} {
				if x := a.send(o.Name, body); x.status != http.StatusBadRequest || x.body != want {
					t.Errorf("%s: HTTP %d %s", o.Name, x.status, x.body)
				}
			}
		}
	})
	if n := len(controlplane.OperationNames()); n != 73 {
		t.Errorf("the table has %d operations, the API 73", n)
	}
}
