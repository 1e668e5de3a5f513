package controlplane

import (
	"strings"
	"testing"
)

func TestLOACodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		code := NewLOACode()
		if len(code) != 14 || code[4] != '-' || code[9] != '-' {
			t.Fatalf("code %s is not in groups of 4-4-4", code)
		}
		if strings.ContainsAny(code, "ILOU") {
			t.Errorf("code %s has a letter that is read as another", code)
		}
		if got, err := ParseLOACode(strings.ToLower(code)); err != nil || got != code {
			t.Errorf("code %s is read as %s (%v)", code, got, err)
		}
		seen[code] = true
	}
	if len(seen) != 1000 {
		t.Errorf("of 1000 codes %d differ", len(seen))
	}
	for typed, want := range map[string]string{
		" 7kq2 9xhm 4tbc ": "7KQ2-9XHM-4TBC",
		"OIL0-OIL0-OIL0":   "0110-0110-0110",
		"7KQ29XHM4TBC":     "7KQ2-9XHM-4TBC",
	} {
		if got, err := ParseLOACode(typed); err != nil || got != want {
			t.Errorf("%q is read as %s (%v), want %s", typed, got, err, want)
		}
	}
	for _, bad := range []string{"", "7KQ2-9XHM", "7KQ2-9XHM-4TBC-1", "7KQ2-9XHM-4TBU", "7KQ2-9XHM-4TBé"} {
		if got, err := ParseLOACode(bad); err == nil {
			t.Errorf("%q is read as %s", bad, got)
		} else if reasonOf(t, err) != Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
