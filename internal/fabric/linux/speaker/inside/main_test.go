package inside

import (
	"testing"

	"onramp/test/guest"
)

func TestMain(m *testing.M) {
	guest.Main(m, guest.Options{Modules: []string{"8021q", "vrf", "veth"}, MemoryMB: 768})
}
