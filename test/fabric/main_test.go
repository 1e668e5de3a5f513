package fabric

import (
	"os"
	"testing"

	"onramp/test/guest"
)

func TestMain(m *testing.M) {
	if os.Getenv(driveVariable) != "" {
		os.Exit(drive())
	}
	guest.Main(m, guest.Options{MemoryMB: 1024, Programs: []string{"onramp/cmd/onramp"}, Modules: []string{"bonding max_bonds=0", "ip_gre"}})
}
