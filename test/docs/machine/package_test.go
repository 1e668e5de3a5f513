package machine

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"

	"onramp/test/guest"
)

const top = "../../.."

// release is what .goreleaser.yaml says of the Debian package.
type release struct {
	NFPMs []struct {
		PackageName string `yaml:"package_name"`
		BinDir      string `yaml:"bindir"`
		Contents    []struct{ Src, Dst, Type string }
		Scripts     struct{ PostInstall, PreRemove, PostRemove string }
	} `yaml:"nfpms"`
}

// debianPackage makes the package by the list that goreleaser makes it by: the same program, files and scripts. That of
// goreleaser itself is looked at by scripts/check-release.
func debianPackage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var all release
	if err := yaml.Unmarshal(text, &all); err != nil || len(all.NFPMs) != 1 {
		t.Fatalf("%v: %d packages", err, len(all.NFPMs))
	}
	p, root := all.NFPMs[0], t.TempDir()
	put(t, guest.Program(t, "onramp/cmd/onramp"), filepath.Join(root, p.BinDir, "onramp"), 0o755)
	settings := ""
	for _, c := range p.Contents {
		put(t, filepath.Join(top, c.Src), filepath.Join(root, c.Dst), 0o644)
		if c.Type != "" {
			settings += c.Dst + "\n"
		}
	}
	for script, src := range map[string]string{"postinst": p.Scripts.PostInstall, "prerm": p.Scripts.PreRemove, "postrm": p.Scripts.PostRemove} {
		put(t, filepath.Join(top, src), filepath.Join(root, "DEBIAN", script), 0o755)
	}
	control := fmt.Sprintf("Package: %s\nVersion: 0.0.1\nArchitecture: all\nMaintainer: The Onramp maintainers <maintainers@onramp.invalid>\nDescription: Onramp\n", p.PackageName)
	for file, text := range map[string]string{"control": control, "conffiles": settings} {
		if err := os.WriteFile(filepath.Join(root, "DEBIAN", file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "onramp_0.0.1_all.deb")
	if out, err := exec.Command("dpkg-deb", "--root-owner-group", "-Znone", "--build", root, file).CombinedOutput(); err != nil {
		t.Fatalf("dpkg-deb: %v\n%s", err, out)
	}
	return file
}

func put(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, mode)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if closed := out.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
}
