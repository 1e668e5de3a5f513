package console

import (
	"net/http/httptest"
	"testing"
)

func TestFromThisMachine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		peer, host, header string
		want               bool
	}{
		{"127.0.0.1:4711", "127.0.0.1:7225", "", true},
		{"127.0.0.1:4711", "localhost:7225", "", true},
		{"127.0.0.1:4711", "LOCALHOST", "", true},
		{"[::1]:4711", "[::1]:7225", "", true},
		{"[::1]:4711", "[::1]", "", true},
		{"192.0.2.1:4711", "127.0.0.1:7225", "", false},
		{"127.0.0.1:4711", "onramp.example.net", "", false}, // a proxy that tells only the name it was called by
		{"127.0.0.1:4711", "192.0.2.1:7225", "", false},
		{"127.0.0.1:4711", "127.0.0.1:7225", "Forwarded", false},
		{"127.0.0.1:4711", "127.0.0.1:7225", "x-forwarded-for", false},
		{"127.0.0.1:4711", "127.0.0.1:7225", "X-Forwarded-Port", false},
		{"127.0.0.1:4711", "127.0.0.1:7225", "via", false},
		{"127.0.0.1:4711", "127.0.0.1:7225", "X-Real-IP", false},
		{"127.0.0.1:4711", "127.0.0.1:7225", "Accept", true},
	} {
		r := httptest.NewRequest("POST", "/console/login/once", nil)
		r.RemoteAddr, r.Host = test.peer, test.host
		if test.header != "" {
			r.Header.Set(test.header, "127.0.0.1")
		}
		if got := (&visit{Request: r}).fromThisMachine(); got != test.want {
			t.Errorf("from %s for %s with %q: %v", test.peer, test.host, test.header, got)
		}
	}
}
