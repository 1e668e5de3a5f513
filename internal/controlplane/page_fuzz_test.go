package controlplane

import (
	"path/filepath"
	"testing"
	"time"

	"onramp/internal/seal"
	"onramp/internal/store"
)

// FuzzNextToken feeds damaged, foreign and invented tokens: each is refused in the same words, and one that was made for
// the scope gives back the cursor that it hides.
func FuzzNextToken(f *testing.F) {
	sealer, err := seal.Open(filepath.Join(f.TempDir(), "keyset.json"))
	if err != nil {
		f.Fatal(err)
	}
	const scope = "page/DescribeConnections/000000000000/us-east-1/"
	p := pager{seal: sealer, scope: scope, size: 1}
	at := store.Cursor{Created: time.UnixMicro(1234567890123456).UTC(), ID: "dxcon-fg123456"}
	_, token, err := page(p, []store.Cursor{at, at}, func(c store.Cursor) store.Cursor { return c })
	if err != nil {
		f.Fatal(err)
	}
	other, err := sealer.Seal([]byte(`{"c":1,"i":"dxcon-fg000000"}`), scope+"else")
	if err != nil {
		f.Fatal(err)
	}
	notJSON, err := sealer.Seal([]byte("no cursor"), scope)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "a", *token, (*token)[1:], *token + "A", other, notJSON, "eyJ2IjoxfQ=="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := openToken(sealer, scope, s)
		switch {
		case err != nil && err.Error() != "nextToken is not valid.":
			t.Errorf("openToken(%q): %v", s, err)
		case err == nil && got != at:
			t.Errorf("openToken(%q) = %v: nobody made this token", s, got)
		case err != nil && s == *token:
			t.Errorf("openToken refuses its own token: %v", err)
		}
	})
}
