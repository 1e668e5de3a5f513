// Package install is how tests install Onramp as its users do: it builds the Debian package that is released, installs it with
// dpkg on a machine that has nothing of it, and starts its services as their units say.
//
// The machine is a folder with mounts of its own, to which dpkg, systemd-sysusers and the package's scripts are the real ones; its
// network is this machine's. There is no systemd to read the units: the command line, the user, the environment file, the folder
// for data and the umask are taken from them, and what hardens them is not applied (test/release has systemd judge that).
package install

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"onramp/test/need"
)

// packager is what goreleaser packs with, in the version that is in the goreleaser of scripts/check-release; no dependency of the
// module.
const packager = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0"

// version is that of the packages that are built here.
const version = "0.0.1"

// release is the part of .goreleaser.yaml that is needed here. What is packed is handed on as it stands there: the packager has the
// same words for it.
type release struct {
	Builds []struct {
		Env, Flags, Ldflags []string
		Main, Binary        string
	}
	Nfpms []map[string]any
}

// Package builds the Debian package of this source, for this machine, and answers its path.
func Package(t testing.TB) string {
	t.Helper()
	top := top(t)
	text, err := os.ReadFile(filepath.Join(top, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var r release
	if err := yaml.Unmarshal(text, &r); err != nil || len(r.Builds) != 1 || len(r.Nfpms) != 1 {
		t.Fatalf(".goreleaser.yaml is not of one build and one package: %v", err)
	}
	folder := t.TempDir()
	program := build(t, r, folder)
	said := r.Nfpms[0]
	bin, _ := said["bindir"].(string)
	contents, _ := said["contents"].([]any)
	said["contents"] = append(contents, map[string]any{"src": program, "dst": bin + "/" + filepath.Base(program), "file_info": map[string]any{"mode": 0o755}})
	said["name"], said["version"], said["arch"] = said["package_name"], version, runtime.GOARCH
	for _, goreleasers := range []string{"id", "package_name", "formats", "file_name_template", "bindir"} {
		delete(said, goreleasers)
	}
	if text, err = yaml.Marshal(said); err != nil {
		t.Fatal(err)
	}
	file, to := filepath.Join(folder, "nfpm.yaml"), filepath.Join(folder, "onramp.deb")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "run", packager, "--version").CombinedOutput(); err != nil {
		need.Missing(t, packager+" is not in the module cache and could not be fetched: "+string(out))
	}
	goCommand(t, nil, "run", packager, "package", "--config", file, "--packager", "deb", "--target", to)
	return to
}

// build builds the program as it is released, but for its version.
func build(t testing.TB, r release, folder string) string {
	t.Helper()
	b := r.Builds[0]
	program := filepath.Join(folder, b.Binary)
	args := append([]string{"build", "-o", program}, b.Flags...)
	flags := strings.ReplaceAll(strings.Join(b.Ldflags, " "), "{{ .Version }}", version)
	goCommand(t, b.Env, append(args, "-ldflags", flags, b.Main)...)
	return program
}

// goCommand runs the go command at the top of the repository.
func goCommand(t testing.TB, env []string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir, cmd.Env = top(t), append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// top is the top of the repository.
func top(t testing.TB) string {
	t.Helper()
	module, err := exec.CommandContext(t.Context(), "go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(strings.TrimSpace(string(module)))
}
