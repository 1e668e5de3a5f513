package routerconfig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onramp/test/need"
)

func render(t *testing.T, identifier string, i Interface) string {
	t.Helper()
	r, ok := Lookup(identifier)
	if !ok {
		t.Fatalf("no router type %s", identifier)
	}
	text, err := Render(r, i)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, file, text string) string {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// vtyshAccepts reports whether FRR's own shell takes the text for a configuration, and what it said.
func vtyshAccepts(t *testing.T, text string) (bool, string) {
	t.Helper()
	vtysh, dir := need.Program(t, "vtysh"), t.TempDir()
	write(t, filepath.Join(dir, "vtysh.conf"), "")
	file := write(t, filepath.Join(dir, "frr.conf"), text)
	out, err := exec.CommandContext(t.Context(), vtysh, "-C", "-f", file, "--config_dir", dir, "--vty_socket", dir).CombinedOutput()
	return err == nil && !strings.Contains(string(out), "%"), string(out)
}

// bgpdAccepts reports whether bgpd itself takes those parts of the text that are its own. It runs what it reads, so it
// finds what no grammar shows, such as a filter for a neighbor that does not exist. It ends with 0 in any case, and says on
// which line it met what; other things that it says are about zebra, which does not run.
func bgpdAccepts(t *testing.T, text string) (bool, string) {
	t.Helper()
	bgpd, dir := need.Program(t, "bgpd"), t.TempDir()
	file := write(t, filepath.Join(dir, "bgpd.conf"), ofBGPD(text))
	cmd := exec.CommandContext(t.Context(), bgpd, "-C", "-S", "-f", file, "--vty_socket", dir, "-i", filepath.Join(dir, "pid"))
	out, err := cmd.CombinedOutput()
	if cmd.Process != nil { // FRR makes a place for crash logs, whatever it is started for
		_ = os.RemoveAll(fmt.Sprintf("/var/tmp/frr/bgpd.%d", cmd.Process.Pid))
		_ = os.Remove("/var/tmp/frr") // unless others have theirs there
	}
	return err == nil && !strings.Contains(string(out), "on config line"), string(out)
}

// ofBGPD keeps the prefix lists and the block of "router bgp".
func ofBGPD(text string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		inside = inside && !strings.HasPrefix(line, "exit") || strings.HasPrefix(line, "router bgp ")
		if inside || strings.Contains(line, " prefix-list ") && strings.HasPrefix(line, "ip") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestFRRTakesIt(t *testing.T) {
	t.Parallel()
	need.Program(t, "vtysh")
	need.Program(t, "bgpd")
	for name, i := range every() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := render(t, "FRRouting-FRR-8", i)
			if ok, said := vtyshAccepts(t, text); !ok {
				t.Errorf("vtysh: %s\n%s", said, text)
			}
			if own := ofBGPD(text); strings.Count(own, "\n") < 20 {
				t.Errorf("only this is bgpd's:\n%s", own)
			}
			if ok, said := bgpdAccepts(t, text); !ok {
				t.Errorf("bgpd: %s\n%s", said, text)
			}
		})
	}
	t.Run("and finds mistakes", func(t *testing.T) {
		t.Parallel()
		text := render(t, "FRRouting-FRR-8", private())
		for _, mistake := range []struct{ right, wrong string }{
			{"timers 30 90", "timers 30 ninety"},
			{"detect-multiplier 3", "detect-multiplier three"},
			{"ip address 169.254.255.2/30", "ip address 169.254.255.2/33"},
		} {
			if ok, _ := vtyshAccepts(t, strings.Replace(text, mistake.right, mistake.wrong, 1)); ok {
				t.Errorf("vtysh accepts %q", mistake.wrong)
			}
		}
		if ok, _ := bgpdAccepts(t, strings.Replace(text, "neighbor 169.254.255.1 remote-as 64512", "", 1)); ok {
			t.Error("bgpd accepts a neighbor without an AS")
		}
	})
}
