package inside

import (
	"testing"

	"onramp/test/guest"
)

func TestMain(m *testing.M) {
	guest.Main(m, guest.Options{Modules: []string{"8021q", "bonding max_bonds=0"}, MemoryMB: 256, Programs: []string{"cmd/test2json"}})
}
