package remote_test

import (
	"testing"

	"onramp/internal/fabric/remote"
	"onramp/internal/fabric/remote/remotetest"
)

func TestMemoryLedger(t *testing.T) {
	t.Parallel()
	remotetest.RunLedger(t, func(*testing.T) remote.Ledger { return &remotetest.Memory{} })
}
