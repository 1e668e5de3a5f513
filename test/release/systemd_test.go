package release

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// directives of a unit, by name; one that is there twice has both.
func directives(t *testing.T, path string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for line := range strings.Lines(read(t, path)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Errorf("%s: %q is no directive", path, line)
		}
		all[name] = append(all[name], value)
	}
	return all
}

const systemd = "packaging/systemd/"

func TestUnitsRunWhatExists(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"onramp.service", "onramp-router.service"} {
		d := directives(t, systemd+unit)
		if len(d["ExecStart"]) != 1 {
			t.Fatalf("%s has %d ExecStart", unit, len(d["ExecStart"]))
		}
		command, ok := strings.CutPrefix(d["ExecStart"][0], "/usr/bin/onramp ")
		if !ok {
			t.Fatalf("%s starts %s", unit, d["ExecStart"][0])
		}
		checkCommand(t, unit, command)
		checkVariables(t, unit, read(t, systemd+unit))
		for _, file := range regexp.MustCompile(`/etc/onramp/\S+\.yaml`).FindAllString(command, -1) {
			if !strings.Contains(read(t, ".goreleaser.yaml"), "dst: "+file) {
				t.Errorf("%s reads %s, which the package does not bring", unit, file)
			}
		}
	}
}

// The capabilities are those that the agent says it needs, and the server has none.
func TestUnitsAreHardened(t *testing.T) {
	t.Parallel()
	agents := "CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE"
	for unit, capabilities := range map[string]string{"onramp.service": "", "onramp-router.service": agents} {
		d := directives(t, systemd+unit)
		for name, want := range map[string]string{
			"CapabilityBoundingSet": capabilities, "AmbientCapabilities": capabilities, "User": "onramp", "NoNewPrivileges": "yes",
			"ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "UMask": "0077", "StateDirectoryMode": "0700",
			"SystemCallFilter": "@system-service", "MemoryDenyWriteExecute": "yes", "RestrictNamespaces": "yes",
		} {
			if len(d[name]) == 0 || d[name][0] != want {
				t.Errorf("%s: %s is %q, want %q", unit, name, d[name], want)
			}
		}
	}
	for capability := range strings.FieldsSeq(agents) {
		if !strings.Contains(help(t, "router run"), capability) {
			t.Errorf("onramp router run does not say that it needs %s", capability)
		}
	}
	router := directives(t, systemd+"onramp-router.service")
	for name, why := range map[string]string{
		"ProtectKernelTunables": "the agent switches IPv6 forwarding on",
		"PrivateUsers":          "capabilities over the machine's network would be gone",
	} {
		if slices.Contains(router[name], "yes") {
			t.Errorf("onramp-router.service has %s, and %s", name, why)
		}
	}
}

// systemd's own judgement: from 0, the best, to 10.
func TestSystemdFindsUnitsHardened(t *testing.T) {
	t.Parallel()
	for unit, most := range map[string]string{"onramp.service": "15", "onramp-router.service": "25"} { // tenths
		run(t, "systemd-analyze", "security", "--offline=true", "--threshold="+most, filepath.Join(top, systemd, unit))
	}
}

// What the settings file of the package sets, and what it offers in comments, are settings of the server.
func TestSettingsFile(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`(?m)^(?:# )?([a-z][a-z-]+): \S`)
	found := key.FindAllStringSubmatch(read(t, systemd+"onramp.yaml"), -1)
	if len(found) < 5 {
		t.Errorf("only %d settings were found", len(found))
	}
	for _, f := range found {
		checkFlag(t, "onramp.yaml", "serve", f[1])
	}
	for name := range readYAML(t, systemd+"onramp.yaml") {
		checkFlag(t, "onramp.yaml", "serve", name)
	}
}

func TestPackageScripts(t *testing.T) {
	t.Parallel()
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		run(t, "sh", "-n", filepath.Join(top, "packaging/deb", script))
		if text := read(t, "packaging/deb/"+script); !strings.HasPrefix(text, "#!/bin/sh\nset -e\n") {
			t.Errorf("%s goes on after an error", script)
		} else if strings.Contains(text, "rm -r") {
			t.Errorf("%s removes what may be the only keyset", script)
		}
	}
}
