package backup

import (
	"testing"

	"onramp/test/postgres"
)

func TestMain(m *testing.M) { postgres.Main(m) }
