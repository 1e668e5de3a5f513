package console

import (
	"testing"

	"onramp/test/postgres"
)

// TestMain ends the database that some tests share.
func TestMain(m *testing.M) { postgres.Main(m) }
