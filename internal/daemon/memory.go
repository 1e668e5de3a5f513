package daemon

import (
	"os"
	"runtime/debug"
)

// heapGrowth is how much a heap may grow between two collections, in percent of what is in use (runtime/debug,
// SetGCPercent).
const heapGrowth = 400

// SpendMemory has the collector run less often, for a process that is a server and nothing else. What a server keeps is a
// few megabytes however much is stored, so at the usual 100 percent a busy one collects dozens of times a second, which
// is a fifth of its processor time. GOGC in the environment wins.
func SpendMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}
