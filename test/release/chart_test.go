package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const chart = "packaging/helm/onramp/"

// templates are the chart's, by file name.
func templates(t *testing.T) map[string]string {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(top, chart, "templates"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range files {
		all[f.Name()] = read(t, chart+"templates/"+f.Name())
	}
	return all
}

// Every value that a template takes is in values.yaml, and every one there is taken.
func TestChartValues(t *testing.T) {
	t.Parallel()
	values := readYAML(t, chart+"values.yaml")
	taken := map[string]bool{}
	for name, text := range templates(t) {
		for _, use := range regexp.MustCompile(`\.Values((?:\.\w+)+)`).FindAllStringSubmatch(text, -1) {
			keys := strings.Split(use[1][1:], ".")
			taken[keys[0]] = true
			tree := any(values)
			for _, key := range keys {
				m, ok := tree.(map[string]any)
				if !ok {
					t.Errorf("%s takes .Values%s, which is not in values.yaml", name, use[1])
					break
				}
				if tree, ok = m[key]; !ok {
					t.Errorf("%s takes .Values%s, which is not in values.yaml", name, use[1])
					break
				}
			}
		}
	}
	for name := range values {
		if !taken[name] {
			t.Errorf("no template takes .Values.%s", name)
		}
	}
	for name := range values["settings"].(map[string]any) {
		checkFlag(t, "values.yaml: settings", "serve", name)
	}
}

// The flags, variables, ports and paths that the chart gives the server are the server's.
func TestChartRunsWhatExists(t *testing.T) {
	t.Parallel()
	all := templates(t)
	found := flagWord.FindAllStringSubmatch(all["deployment.yaml"], -1)
	if len(found) < 6 {
		t.Errorf("only %d flags were found", len(found))
	}
	for _, f := range found {
		checkFlag(t, "deployment.yaml", "serve", f[1])
	}
	checkFlag(t, "firstaccount.yaml", "account add", "offline")
	if !strings.Contains(all["firstaccount.yaml"], "args: [account, add, {{ .Values.firstAccount | quote }}, --offline]") {
		t.Error("firstaccount.yaml does not run onramp account add --offline")
	}
	for name, text := range all {
		checkVariables(t, name, text)
	}
}

// Nothing in the chart holds a secret or may do more than it needs.
func TestChartIsHardened(t *testing.T) {
	t.Parallel()
	all := templates(t)
	for _, name := range []string{"deployment.yaml", "firstaccount.yaml"} {
		for _, want := range []string{`include "onramp.podSecurity"`, `include "onramp.containerSecurity"`, "automountServiceAccountToken: false"} {
			if !strings.Contains(all[name], want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
	for _, want := range []string{
		"runAsNonRoot: true", "allowPrivilegeEscalation: false", "readOnlyRootFilesystem: true", "drop: [ALL]", "type: RuntimeDefault",
		"secretKeyRef:", "defaultMode: 0440",
	} {
		if !strings.Contains(all["_names.tpl"], want) {
			t.Errorf("_names.tpl has no %s", want)
		}
	}
	for _, probe := range []string{"startupProbe", "livenessProbe", "readinessProbe", "path: /healthz", "path: /readyz"} {
		if !strings.Contains(all["deployment.yaml"], probe) {
			t.Errorf("deployment.yaml has no %s", probe)
		}
	}
	for name, text := range all {
		if regexp.MustCompile(`(?m)^kind: Secret$`).MatchString(text) {
			t.Errorf("%s makes a Secret: what is in it would be in the release's history", name)
		}
	}
	if readYAML(t, chart+"Chart.yaml")["apiVersion"] != "v2" {
		t.Error("Chart.yaml is not of version v2")
	}
}
