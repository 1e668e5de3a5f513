package inside

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"onramp/test/guest"
)

func TestMain(m *testing.M) {
	guests, _ := strconv.Atoi(os.Getenv("ONRAMP_GUEST_DEMONSTRATION_GUESTS"))
	alone := strings.Fields(os.Getenv("ONRAMP_GUEST_DEMONSTRATION_ALONE"))
	guest.Main(m, guest.Options{Guests: guests, Alone: alone, Modules: []string{"8021q", "bonding max_bonds=0"}, MemoryMB: 256, Programs: []string{"cmd/test2json"}})
}
