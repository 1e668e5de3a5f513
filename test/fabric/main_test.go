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
	guest.Main(m, guest.Options{
		MemoryMB: 1024, Guests: 3, Programs: []string{"onramp/cmd/onramp"},
		Alone: []string{"TestFailover", "TestHostedConnection", "TestLAG", "TestMACsec", "TestRateLimit", "TestRollover"},
		First: []string{"TestWeather1", "TestWeather2", "TestWeather3", "TestWeather4"},
	})
}
