package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onramp/test/docs/page"
	"onramp/test/need"
	"onramp/test/postgres"
)

func TestMain(m *testing.M) { postgres.Main(m) }

// TestPaste runs the pages that need no machine of their own. Each has the ports that it names, at a loopback address that
// nobody else on this machine has: in 127.0.0.0/8, by this process's number. A page that says $DATABASE is given an empty one.
func TestPaste(t *testing.T) {
	t.Parallel()
	need.Program(t, "curl")
	need.Python(t)
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), need.Program(t, "go"), "build", "-o", filepath.Join(bin, "onramp"), "onramp/cmd/onramp")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building cmd/onramp: %v\n%s", err, out)
	}
	for i, name := range page.Here {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			number := os.Getpid()<<4 + i // 22 bits of it at most; 127.0.0.1 is nobody's
			r := page.Reader{Program: bin, Loopback: fmt.Sprintf("127.%d.%d.%d", 1+number>>16&0x7f, number>>8&0xff, number&0xff)}
			if strings.Contains(page.Read(t, name), `"$DATABASE"`) {
				r.More = []string{"DATABASE=" + postgres.Shared(t, postgres.WithoutFsync()).Database(t)}
			}
			r.Paste(t, name)
		})
	}
}
