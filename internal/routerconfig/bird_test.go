package routerconfig

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onramp/test/need"
)

// birdAccepts reports whether BIRD takes the text for a configuration, and what it said.
func birdAccepts(t *testing.T, text string) (bool, string) {
	t.Helper()
	file := write(t, filepath.Join(t.TempDir(), "bird.conf"), text)
	out, err := exec.CommandContext(t.Context(), need.Program(t, "bird"), "-p", "-c", file).CombinedOutput()
	return err == nil && len(out) == 0, string(out)
}

func TestBIRDTakesIt(t *testing.T) {
	t.Parallel()
	need.Program(t, "bird")
	for name, i := range every() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := render(t, "CZNIC-BIRD-2", i)
			if ok, said := birdAccepts(t, text); !ok {
				t.Errorf("bird: %s\n%s", said, text)
			}
		})
	}
	t.Run("and finds mistakes", func(t *testing.T) {
		t.Parallel()
		text := render(t, "CZNIC-BIRD-2", public("203.0.113.0/24"))
		for _, mistake := range []struct{ right, wrong string }{
			{"hold time 90", "hold time ninety"},
			{"import filter dxvif", "import filter dx"},
			{"203.0.113.0/24 blackhole", "203.0.113.1/24 blackhole"},
		} {
			if !strings.Contains(text, mistake.right) {
				t.Fatalf("%q does not occur", mistake.right)
			}
			if ok, _ := birdAccepts(t, strings.Replace(text, mistake.right, mistake.wrong, 1)); ok {
				t.Errorf("bird accepts %q", mistake.wrong)
			}
		}
	})
}
