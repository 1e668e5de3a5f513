package install

import (
	"strings"
	"testing"
)

const data = "/var/lib/onramp"

// settings that the package's own unit reads: ports that are free, so that tests run beside each other.
const settings = "ONRAMP_LISTEN=127.0.0.1:0\nONRAMP_OPERATOR_LISTEN=127.0.0.1:0\n"

// The package is installed, started, upgraded, removed and purged: settings that were changed are kept until the purge, and data
// after it, too, for it holds the only keyset.
func TestPackageFromInstallationToPurge(t *testing.T) {
	t.Parallel()
	deb := Package(t)
	m := Empty(t)
	if m.Has("/usr/bin/onramp") || m.Has("/etc/onramp") {
		t.Fatal("the machine is not empty")
	}
	m.Copy(deb, "/tmp/onramp.deb")
	m.Do("root", "dpkg --install /tmp/onramp.deb && dpkg --verify onramp")
	m.Write("/etc/onramp/environment", settings)
	first := serves(t, m)

	config := strings.Replace(m.Read("/etc/onramp/onramp.yaml"), "pace: realistic", "pace: manual", 1)
	m.Write("/etc/onramp/onramp.yaml", config)
	m.Do("root", "dpkg --install /tmp/onramp.deb")
	if again := serves(t, m, "pace +manual"); again != first {
		t.Errorf("the operator token was %d characters and is another one of %d", len(first), len(again))
	}

	m.Do("root", "dpkg --remove onramp")
	if m.Has("/usr/bin/onramp") || m.Has("/usr/lib/systemd/system/onramp.service") {
		t.Error("what is removed is still there")
	}
	if m.Read("/etc/onramp/onramp.yaml") != config {
		t.Error("removing the package changed its settings")
	}
	m.Do("root", "dpkg --purge onramp")
	if m.Has("/etc/onramp/onramp.yaml") {
		t.Error("the settings file is there after a purge")
	}
	if m.Read(data+"/operator-token") != first {
		t.Error("a purge took the data")
	}
}

// serves starts the server as its unit does, and stops it; it answers the operator token. What it keeps is its own alone.
func serves(t *testing.T, m *Machine, says ...string) (token string) {
	t.Helper()
	s := m.Start("onramp.service")
	s.Await("Onramp " + version + " is ready")
	for _, line := range says {
		s.Await(line)
	}
	at := s.Await(`operator API +(http://\S+)`)[1]
	m.Do("onramp", "onramp connection list --data "+data+" --operator "+at)
	if out := m.Do("root", "find "+data+" ! -user onramp -o -perm /077"); out != "" {
		t.Errorf("others can come at what it keeps, or own it:\n%s", out)
	}
	s.Stop()
	return m.Read(data + "/operator-token")
}
