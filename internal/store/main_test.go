package store_test

import (
	"os"
	"testing"

	"onramp/test/postgres"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(killedURL); url != "" {
		writeUntilKilled(url)
	}
	if url := os.Getenv(restoredURL); url != "" {
		restoreUntilKilled(url)
	}
	postgres.Main(m)
}
