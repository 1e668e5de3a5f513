// Package house holds the tests of the house itself: who imports whom, how
// long a file may grow, which names and shortcuts are not used. They read the
// source of the whole repository and run nothing of it. There is no code to
// import here.
package house

import "strings"

// A room is a folder of packages with one law for all of them: what they may
// import of this project. A folder inside a room belongs to it, unless it is a
// room of its own, and packages of one room may import each other.
type room struct {
	path  string   // folder, slash separated, from the top of the repository
	floor int      // a room imports rooms of lower floors only
	may   []string // the rooms it may import; "*" stands for all lower floors
	std   bool     // nothing but the standard library and may
	pure  bool     // no I/O, no context and no clock either
	sdk   bool     // may import the AWS SDK, which is never part of the program
}

// rooms is the import law. The plan and its reasons are in ARCHITECTURE.md;
// change both together. A room that is not built yet may stand here; a package
// in no room fails the test.
var rooms = []room{
	{path: "internal/directconnect", floor: 0, std: true, pure: true},
	{path: "internal/api", floor: 0, std: true},
	{path: "internal/api/gen", floor: 0, sdk: true}, // a generator, linked into nothing
	{path: "internal/awsjson", floor: 0, std: true},
	{path: "internal/awsquery", floor: 0, std: true},
	{path: "internal/sigv4", floor: 0, std: true},
	{path: "internal/policy", floor: 0, std: true, pure: true},
	{path: "internal/fabric", floor: 0, std: true},
	{path: "internal/archive", floor: 0, std: true},
	{path: "internal/audit", floor: 0, std: true},
	{path: "internal/event", floor: 0, std: true},
	{path: "internal/routerconfig", floor: 0, std: true, pure: true},
	{path: "internal/console/diagram", floor: 0, std: true, pure: true},
	{path: "internal/loa", floor: 0},
	{path: "internal/maintnote", floor: 0},
	{path: "internal/wholefile", floor: 0, std: true},

	{path: "internal/seal", floor: 1, may: []string{"internal/wholefile"}},
	{path: "internal/inventory", floor: 1, may: []string{"internal/directconnect"}},
	{path: "internal/store", floor: 1, may: []string{"internal/archive", "internal/audit", "internal/directconnect", "internal/event", "internal/wholefile"}},
	{path: "internal/fabric/sim", floor: 1, may: []string{"internal/fabric"}},
	{path: "internal/fabric/linux", floor: 1, may: []string{"internal/fabric"}},
	{path: "internal/fabric/remote", floor: 1, may: []string{"internal/fabric"}},
	{path: "internal/fabric/fabrictest", floor: 1, may: []string{"internal/fabric"}},

	{path: "internal/controlplane", floor: 2, may: []string{
		"internal/api", "internal/audit", "internal/awsjson", "internal/directconnect", "internal/event", "internal/inventory", "internal/loa", "internal/maintnote", "internal/policy", "internal/routerconfig",
		"internal/seal", "internal/store"}},
	{path: "internal/reconcile", floor: 2, may: []string{
		"internal/audit", "internal/directconnect", "internal/event", "internal/fabric", "internal/fabric/sim", "internal/seal", "internal/store"}},

	{path: "internal/webhook", floor: 2, may: []string{"internal/event", "internal/store"}},

	{path: "internal/router", floor: 2, may: []string{"internal/fabric", "internal/fabric/linux", "internal/fabric/remote", "internal/wholefile"}},

	{path: "internal/operator", floor: 3, may: []string{
		"internal/audit", "internal/controlplane", "internal/directconnect", "internal/event", "internal/inventory"}},
	{path: "internal/console", floor: 3, may: []string{
		"internal/api", "internal/audit", "internal/awsjson", "internal/console/diagram", "internal/controlplane", "internal/directconnect", "internal/routerconfig"}},

	{path: "internal/daemon", floor: 4, may: []string{"*"}},

	{path: "docs/gen", floor: 4, may: []string{"internal/controlplane", "internal/directconnect"}},

	{path: "cmd/onramp", floor: 5, may: []string{
		"internal/audit", "internal/daemon", "internal/directconnect", "internal/inventory", "internal/operator", "internal/router"}},
	{path: "internal/onramptest", floor: 5, may: []string{"*"}},
	{path: "onramptest", floor: 6, may: []string{"internal/directconnect", "internal/onramptest", "internal/operator"}},

	{path: "test", floor: 6, may: []string{"*"}, sdk: true}, // programs and services for tests
}

// sdkPrefix is what the AWS SDK's import paths begin with.
const sdkPrefix = "github.com/aws/"

// impure are the packages that a pure room may not import, and why.
var impure = map[string]string{
	"context":      "a context is for what can wait",
	"database/sql": "the caller loads the rows and passes them in",
	"log":          "a rule answers, the caller logs",
	"log/slog":     "a rule answers, the caller logs",
	"net":          "no I/O (net/netip is the one for addresses)",
	"net/http":     "no I/O",
	"os":           "no I/O",
	"os/exec":      "no I/O",
	"syscall":      "no I/O",
}

// notUsedAsNames are package names that say nothing of what is inside.
var notUsedAsNames = []string{"util", "utils", "common", "helper", "helpers", "base", "manager", "impl", "types"}

// longestFile is the number of lines no file but a generated one exceeds.
const longestFile = 500

// roomOf returns the innermost room that a package's folder belongs to.
func roomOf(folder string) (room, bool) {
	var found room
	for _, r := range rooms {
		if (folder == r.path || strings.HasPrefix(folder, r.path+"/")) && len(r.path) > len(found.path) {
			found = r
		}
	}
	return found, found.path != ""
}

// mayImport says why r may not import the room to, or "" if it may.
func (r room) mayImport(to room) string {
	if r.path == to.path {
		return ""
	}
	if to.floor >= r.floor {
		return "imports go down only, from a floor to a lower one"
	}
	for _, allowed := range r.may {
		if allowed == "*" || allowed == to.path {
			return ""
		}
	}
	return "this is not one of the rooms it may import"
}
