package lab

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// FRR is a running FRRouting: zebra, staticd, bfdd and bgpd.
type FRR struct {
	host *Host
	// Daemons are its processes by name, to be killed.
	Daemons map[string]*Daemon
}

// FRR starts FRRouting with the text as its whole frr.conf.
func (h *Host) FRR(conf string) *FRR {
	h.t.Helper()
	f := &FRR{host: h, Daemons: map[string]*Daemon{}}
	h.File("vtysh.conf", "")
	for _, name := range []string{"zebra", "staticd", "bfdd", "bgpd"} {
		f.Start(name)
	}
	f.Load(conf)
	return f
}

// Start starts one of the daemons, also one that was killed, which then has no configuration.
func (f *FRR) Start(name string) {
	f.host.t.Helper()
	socket := filepath.Join(f.host.Dir, name+".vty")
	_ = os.Remove(socket)
	arguments := []string{"--vty_socket", f.host.Dir, "-i", filepath.Join(f.host.Dir, name+".pid"), "-z", filepath.Join(f.host.Dir, "zserv.api"),
		"-P", "0", "--log", "stdout"}
	if name == "bfdd" {
		arguments = append(arguments, "--bfdctl", filepath.Join(f.host.Dir, "bfdd.sock"))
	}
	f.Daemons[name] = f.host.Start(name, arguments...)
	Eventually(f.host.t, func() string {
		if _, err := os.Stat(socket); err != nil {
			return err.Error()
		}
		return ""
	})
}

// Load adds a configuration to what is there.
func (f *FRR) Load(conf string) {
	f.host.t.Helper()
	f.host.Run("vtysh", "--vty_socket", f.host.Dir, "--config_dir", f.host.Dir, "-f", f.host.File("frr.conf", conf))
}

// Show is the answer to a command, such as "show bgp ipv4 unicast".
func (f *FRR) Show(command string) string {
	f.host.t.Helper()
	out, err := f.host.Try("vtysh", "--vty_socket", f.host.Dir, "--config_dir", f.host.Dir, "-c", command)
	if err != nil {
		return err.Error()
	}
	return out
}

// Read reads the answer to a command that ends in "json" into into, and says what failed.
func (f *FRR) Read(command string, into any) error {
	return json.Unmarshal([]byte(f.Show(command)), into)
}

// Session is the state of the session with a neighbour, as "Established", or what is known instead.
func (f *FRR) Session(neighbor string) string {
	var all map[string]struct {
		State string `json:"bgpState"`
	}
	if err := f.Read("show bgp neighbors "+neighbor+" json", &all); err != nil {
		return err.Error()
	}
	return all[neighbor].State
}
