package directconnect

import (
	"math"
	"math/rand/v2"
	"regexp"
	"testing"
)

// band is where every published identifier lies.
var band = regexp.MustCompile(`^dx(con|lag)-f[fgh][0-9a-z]{6}$`)

func TestShortID(t *testing.T) {
	t.Parallel()
	for random, want := range map[uint64]string{
		0: "dxcon-ff000000", 1: "dxcon-fg000000", 2: "dxcon-fh000000", 3: "dxcon-ff100000", 3*36 - 1: "dxcon-fhz00000",
		3 * 36: "dxcon-ff010000", 3*2176782336 - 1: "dxcon-fhzzzzzz", 3 * 2176782336: "dxcon-ff000000",
	} {
		if got := ShortID(ConnectionPrefix, random); got != want {
			t.Errorf("%d: got %s, want %s", random, got, want)
		}
	}
	if got := ShortID(LAGPrefix, math.MaxUint64); !band.MatchString(got) || !IsLAGID(got) {
		t.Errorf("the largest number gives %s", got)
	}
}

func TestShortIDsAreValid(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for range 10_000 {
		n := r.Uint64()
		c, g := ShortID(ConnectionPrefix, n), ShortID(LAGPrefix, n)
		if !band.MatchString(c) || !band.MatchString(g) || !IsConnectionID(c) || !IsLAGID(g) || IsLAGID(c) || IsConnectionID(g) {
			t.Fatalf("%d gives %s and %s", n, c, g)
		}
		seen[c] = true
	}
	if len(seen) < 9_990 { // 6.5 thousand million to choose from: one repeat among these is already unlikely
		t.Errorf("10,000 numbers gave %d identifiers", len(seen))
	}
}

func TestCheckIDs(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"dxcon-fg31dyv6", "dxcon-ffabc123", "dxcon-fh6ljcvo"} {
		if CheckConnectionID(id) != nil || CheckInterconnectID(id) != nil {
			t.Errorf("%s was refused", id)
		}
	}
	for _, id := range []string{"dxlag-ffjhj9lx", "dxlag-fgsu9erb"} {
		if CheckLAGID(id) != nil {
			t.Errorf("%s was refused", id)
		}
	}
	for _, rest := range []string{"", "fg31dyv", "fg31dyv66", "FG31DYV6", "fg31dyv ", " fg31dyv", "fg31-yv6", "fg31dyü", "fg31dy/6"} {
		for _, prefix := range []string{"dxcon-", "dxlag-", "dxvif-", ""} {
			id := prefix + rest
			refused(t, CheckConnectionID(id), "Connection ID "+id+" has an invalid format.")
			refused(t, CheckInterconnectID(id), "Interconnect ID "+id+" has an invalid format.")
			refused(t, CheckLAGID(id), "Lag ID "+id+" has an invalid format.")
		}
	}
	refused(t, CheckLAGID(""), "Lag ID  has an invalid format.") // recorded with both blanks
	refused(t, CheckLAGID(connectionID), "Lag ID dxcon-fg31dyv6 has an invalid format.")
	refused(t, CheckConnectionID(lagID), "Connection ID dxlag-ffjhj9lx has an invalid format.")
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	refused(t, NoConnection(connectionID), "Could not find Connection with ID dxcon-fg31dyv6")
	refused(t, NoLAG(lagID), "Could not find Lag with ID dxlag-ffjhj9lx")
	refused(t, NoInterconnect(connectionID), "Could not find Interconnect with ID dxcon-fg31dyv6")
}
