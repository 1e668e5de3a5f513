package lab

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// Agreement is one end of a MACsec key agreement (MKA, IEEE 802.1X) by wpa_supplicant. The encrypted device that it
// makes on a port is macsec0, or the next number.
type Agreement struct {
	host    *Host
	device  string
	control string // folder of its socket
	port    int    // port identifier of its SCI
	Daemon  *Daemon
}

// Agree starts wpa_supplicant on a port of the host with one key pair in hexadecimal. The lower priority is the key server.
func (h *Host) Agree(device, ckn, cak string, priority int) *Agreement {
	h.t.Helper()
	a := &Agreement{host: h, device: device, control: filepath.Join(h.Dir, "wpa")}
	conf := fmt.Sprintf("ctrl_interface=%s\neapol_version=3\nap_scan=0\nnetwork={\n key_mgmt=NONE\n eapol_flags=0\n macsec_policy=1\n"+
		" mka_cak=%s\n mka_ckn=%s\n mka_priority=%d\n}\n", a.control, cak, ckn, priority)
	h.IP("link set " + device + " up")
	a.Daemon = h.Start("wpa_supplicant", "-i", device, "-D", "macsec_linux", "-c", h.File("wpa-"+device+".conf", conf))
	return a
}

// Secured reports whether keys are agreed and frames are encrypted both ways.
func (a *Agreement) Secured() bool {
	return strings.Contains(a.Status(), "\nSecured=Yes\n")
}

// Status is what wpa_supplicant says of it.
func (a *Agreement) Status() string { return a.cli("status") }

// sealed is the MTU of a port whose MACsec device has room for packets of 1500 octets in a VLAN: 4 for the tag, and 32 for
// MACsec's own.
const sealed = 1536

// Secure makes an encrypted device on a port of the host and starts wpa_supplicant for it, without a key as yet: the
// device, and what rides on it, stays when the key changes.
func (h *Host) Secure(device, secure string) *Agreement {
	h.t.Helper()
	h.Batch("ip", fmt.Sprintf("link set dev %s mtu %d up\nlink add link %s name %s type macsec encrypt on protect on validate strict\nlink set dev %s up\n",
		device, sealed, device, secure, secure))
	return h.agree(device, 1)
}

// agree starts wpa_supplicant on a port without a key as yet.
func (h *Host) agree(device string, port int) *Agreement {
	h.t.Helper()
	a := &Agreement{host: h, device: device, control: filepath.Join(h.Dir, fmt.Sprintf("wpa%d", port)), port: port}
	a.Daemon = h.Start("wpa_supplicant", "-i", device, "-D", "macsec_linux", "-C", a.control)
	Eventually(h.t, func() string {
		if out := a.cli("ping"); !strings.Contains(out, "PONG") {
			return out
		}
		return ""
	})
	a.must("ap_scan", "0")
	a.must("set", "eapol_version", "3")
	return a
}

// Use makes a key pair the only one in use: what was agreed with another one ends first.
func (a *Agreement) Use(ckn, cak string) {
	a.host.t.Helper()
	number := strings.TrimSpace(a.cli("add_network"))
	for _, setting := range [][]string{{"key_mgmt", "NONE"}, {"eapol_flags", "0"}, {"macsec_policy", "1"}, {"macsec_port", strconv.Itoa(a.port)},
		{"mka_ckn", ckn}, {"mka_cak", cak}} {
		a.must(append([]string{"set_network", number}, setting...)...)
	}
	a.must("select_network", number)
}

func (a *Agreement) must(words ...string) {
	a.host.t.Helper()
	if out := a.cli(words...); !strings.HasPrefix(out, "OK") {
		a.host.t.Fatalf("wpa_cli %s on %s: %s", words[0], a.host.Name, out)
	}
}

func (a *Agreement) cli(words ...string) string {
	out, err := a.host.Try("wpa_cli", append([]string{"-p", a.control, "-i", a.device}, words...)...)
	if err != nil {
		return err.Error()
	}
	return out
}
