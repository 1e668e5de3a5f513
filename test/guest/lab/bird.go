package lab

import (
	"path/filepath"
	"strings"
)

// BIRD is a running BIRD 2.
type BIRD struct {
	host   *Host
	Daemon *Daemon
}

// BIRD starts BIRD with the text as its whole bird.conf.
func (h *Host) BIRD(conf string) *BIRD {
	h.t.Helper()
	b := &BIRD{host: h}
	b.Daemon = h.Start("bird", "-f", "-c", h.File("bird.conf", conf), "-s", "bird.ctl", "-P", "bird.pid")
	Eventually(h.t, func() string {
		if out := b.Show("status"); !strings.Contains(out, "up and running") {
			return out
		}
		return ""
	})
	return b
}

// Load makes the text the configuration in place of the one that is there.
func (b *BIRD) Load(conf string) {
	b.host.t.Helper()
	b.host.File("bird.conf", conf)
	if out := b.Command("configure"); !strings.Contains(out, "Reconfigur") {
		b.host.t.Fatalf("BIRD on %s: %s", b.host.Name, out)
	}
}

// Show is the answer to a show command, without the word itself.
func (b *BIRD) Show(what string) string { return b.Command("show " + what) }

// Command is the answer to a command.
func (b *BIRD) Command(words string) string {
	b.host.t.Helper()
	out, err := b.host.Try("birdc", append([]string{"-s", filepath.Join(b.host.Dir, "bird.ctl")}, strings.Fields(words)...)...)
	if err != nil {
		return err.Error()
	}
	return out
}
