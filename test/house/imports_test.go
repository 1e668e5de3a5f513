package house

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
)

// top is the top of the repository, from this package's folder.
const top = "../.."

func TestLaws(t *testing.T) {
	t.Parallel()
	sources := read(t, os.DirFS(top))
	if len(sources) < 5 {
		t.Fatalf("only %d Go files found from %s", len(sources), top)
	}
	for _, breach := range breaches(sources) {
		t.Error(breach)
	}
}

// TestProgramLinksNoTestCode asks the go command, as only it knows what is
// linked through other modules.
func TestProgramLinksNoTestCode(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(top + "/cmd/onramp"); err != nil {
		t.Skip("there is no cmd/onramp yet")
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/onramp")
	cmd.Dir = top
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -deps ./cmd/onramp: %v", err)
	}
	linked := strings.Fields(string(out))
	if len(linked) < 50 {
		t.Fatalf("only %d packages linked: %q", len(linked), linked)
	}
	for _, imported := range linked {
		if strings.HasPrefix(imported, sdkPrefix) {
			t.Errorf("the program links %s: the AWS SDK is for the generator and for tests", imported)
		}
		if folder, ours := strings.CutPrefix(imported, module); ours &&
			(strings.HasPrefix(folder, "test/") || strings.HasSuffix(folder, "test") || strings.HasSuffix(folder, "/gen")) {
			t.Errorf("the program links %s, which is for tests or generation", imported)
		}
	}
}

func TestRoomsAreInOrder(t *testing.T) {
	t.Parallel()
	for i, r := range rooms {
		if i > 0 && r.floor < rooms[i-1].floor {
			t.Errorf("%s (floor %d) stands after a room of floor %d", r.path, r.floor, rooms[i-1].floor)
		}
		for _, name := range r.may {
			if name == "*" {
				continue
			}
			to, ok := roomOf(name)
			if !ok || to.path != name {
				t.Errorf("%s may import %s, which is no room", r.path, name)
			} else if why := r.mayImport(to); why != "" {
				t.Errorf("%s is said to import %s, but %s", r.path, name, why)
			}
		}
	}
}

// TestLawsBite shows each law a small tree that breaks it, and one that looks
// like it and does not.
func TestLawsBite(t *testing.T) {
	t.Parallel()
	importing := func(pkg, imported string) string { return "package " + pkg + "\n\nimport _ \"" + imported + "\"\n" }
	cases := []struct {
		name, file, text string
		want             string // part of the one breach; "" for none
	}{
		{"down", "internal/store/a.go", importing("store", "onramp/internal/directconnect"), ""},
		{"up", "internal/store/a.go", importing("store", "onramp/internal/controlplane"), "imports go down only"},
		{"same floor", "internal/reconcile/a.go", importing("reconcile", "onramp/internal/controlplane"), "imports go down only"},
		{"not its own", "internal/controlplane/a.go", importing("controlplane", "onramp/internal/fabric"), "not one of the rooms"},
		{"floor 0 rooms apart", "internal/awsjson/a.go", importing("awsjson", "onramp/internal/api"), "imports go down only"},
		{"a part of a room", "internal/store/storetest/a.go", importing("storetest", "onramp/internal/store"), ""},
		{"a part under its law", "internal/store/storetest/a.go", importing("storetest", "onramp/internal/api"), "not one of the rooms"},
		{"a room inside a room", "internal/fabric/a.go", importing("fabric", "onramp/internal/fabric/sim"), "imports go down only"},
		{"everything below", "internal/daemon/a.go", importing("daemon", "onramp/internal/fabric/sim"), ""},
		{"program to store", "cmd/onramp/a.go", importing("main", "onramp/internal/store"), "not one of the rooms"},
		{"program code to test code", "internal/daemon/a.go", importing("daemon", "onramp/test/postgres"), "imports go down only"},
		{"a test is free", "internal/awsjson/a_test.go", importing("awsjson", "onramp/internal/daemon"), ""},
		{"no room", "internal/attic/a.go", "package attic\n", "is in no room"},
		{"to no room", "internal/daemon/a.go", importing("daemon", "onramp/internal/attic"), "which is in no room"},
		{"floor 0 dependency", "internal/sigv4/a.go", importing("sigv4", "github.com/google/uuid"), "standard library only"},
		{"floor 0 test dependency", "internal/sigv4/a_test.go", importing("sigv4", "github.com/google/go-cmp/cmp"), ""},
		{"SDK", "internal/daemon/a.go", importing("daemon", "github.com/aws/aws-sdk-go-v2/aws"), "AWS SDK"},
		{"SDK in the generator", "internal/api/gen/a.go", importing("main", "github.com/aws/aws-sdk-go-v2/aws"), ""},
		{"pure and os", "internal/directconnect/a.go", importing("directconnect", "os"), "is pure and imports os"},
		{"pure and clock", "internal/directconnect/a.go", "package directconnect\n\nimport \"time\"\n\nvar x = time.Now\n", "uses time.Now"},
		{"pure and time", "internal/directconnect/a.go", "package directconnect\n\nimport \"time\"\n\nvar x time.Time\n", ""},
		{"sleep", "internal/store/a_test.go", "package store\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n", "time.Sleep in a test"},
		{"sleep renamed", "internal/store/a_test.go", "package store\n\nimport clock \"time\"\n\nfunc f() { clock.Sleep(1) }\n", "time.Sleep in a test"},
		{"other sleep", "internal/store/a_test.go", "package store\n\nvar time struct{ Sleep func() }\n\nfunc f() { time.Sleep() }\n", ""},
		{"500 lines", "internal/store/a.go", "package store\n" + strings.Repeat("\n", 499), ""},
		{"501 lines", "internal/store/a.go", "package store\n" + strings.Repeat("\n", 500), "501 lines"},
		{"501 lines generated", "internal/api/api_gen.go", "package api\n" + strings.Repeat("\n", 500), ""},
		{"empty name", "internal/store/util/a.go", "package util\n", "name a package for what it is"},
		{"empty name in a test", "internal/store/a_test.go", "package helper_test\n", "name a package for what it is"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := breaches(read(t, fstest.MapFS{c.file: {Data: []byte(c.text)}}))
			switch {
			case c.want == "" && len(got) > 0:
				t.Errorf("a law bit where it should not: %q", got)
			case c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)):
				t.Errorf("breaches are %q, want one saying %q", got, c.want)
			}
		})
	}
}
