package release

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// at answers what stands at a path of keys, in the first element of each list on the way.
func at(t *testing.T, tree any, keys ...string) any {
	t.Helper()
	for _, key := range keys {
		if all, ok := tree.([]any); ok && len(all) > 0 {
			tree = all[0]
		}
		m, ok := tree.(map[string]any)
		if !ok || m[key] == nil {
			t.Fatalf("there is no %s", strings.Join(keys, "."))
		}
		tree = m[key]
	}
	return tree
}

func texts(t *testing.T, v any) (all []string) {
	t.Helper()
	list, ok := v.([]any)
	if !ok {
		t.Fatalf("%v is no list", v)
	}
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			t.Fatalf("%v is no list of texts", v)
		}
		all = append(all, s)
	}
	return all
}

// The release is static, for the four platforms, and its version lands where the program looks for it.
func TestGoreleaserBuildsTheProgram(t *testing.T) {
	t.Parallel()
	tree := readYAML(t, ".goreleaser.yaml")
	want := []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"}
	if diff := cmp.Diff(want, texts(t, at(t, tree, "builds", "targets"))); diff != "" {
		t.Error(diff)
	}
	if env := texts(t, at(t, tree, "builds", "env")); !slices.Contains(env, "CGO_ENABLED=0") {
		t.Errorf("the build's environment is %v: the binary would not be static", env)
	}
	checkLinkerFlag(t, ".goreleaser.yaml", strings.Join(texts(t, at(t, tree, "builds", "ldflags")), " "))
	checkLinkerFlag(t, "Makefile", read(t, "Makefile"))
	checkLinkerFlag(t, "Dockerfile", read(t, "Dockerfile"))
	if main := at(t, tree, "builds", "main").(string); main != "./cmd/onramp" {
		t.Errorf("what is built is %s", main)
	}
}

// checkLinkerFlag: the linker passes over a variable that is not there.
func checkLinkerFlag(t *testing.T, where, text string) {
	t.Helper()
	found := regexp.MustCompile(`-X main\.(\w+)=`).FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		t.Errorf("%s sets no version", where)
	}
	for _, f := range found {
		if !regexp.MustCompile(`(?m)^var ` + f[1] + ` string$`).MatchString(read(t, "cmd/onramp/version.go")) {
			t.Errorf("%s sets main.%s, and there is no such variable", where, f[1])
		}
	}
}

// Every file that goes into an archive or a package is there.
func TestGoreleaserPacksWhatExists(t *testing.T) {
	t.Parallel()
	tree := readYAML(t, ".goreleaser.yaml")
	paths := texts(t, at(t, tree, "archives", "files"))
	for _, c := range at(t, tree, "nfpms", "contents").([]any) {
		paths = append(paths, at(t, c, "src").(string))
	}
	for _, script := range at(t, tree, "nfpms", "scripts").(map[string]any) {
		paths = append(paths, script.(string))
	}
	for _, path := range paths {
		found, err := filepath.Glob(filepath.Join(top, path))
		if err != nil || len(found) == 0 {
			t.Errorf("there is no %s: %v", path, err)
		}
	}
	units, err := os.ReadDir(filepath.Join(top, systemd))
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range units {
		if !slices.Contains(paths, systemd+unit.Name()) {
			t.Errorf("the package does not bring %s", unit.Name())
		}
	}
}

// The image runs what exists, as nobody in particular, and is built with the module's Go.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	text := read(t, "Dockerfile")
	for _, want := range []string{"\nFROM scratch\n", "\nUSER 65532:65532\n", "\nVOLUME /var/lib/onramp\n", "CGO_ENABLED=0"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q", strings.TrimSpace(want))
		}
	}
	if !strings.HasSuffix(strings.TrimSpace(text), `ENTRYPOINT ["/usr/bin/onramp"]`+"\n"+`CMD ["serve"]`) {
		t.Error("it does not run onramp serve")
	}
	health := regexp.MustCompile(`HEALTHCHECK .* CMD \["/usr/bin/onramp", "([a-z ]+)"\]`).FindStringSubmatch(text)
	if health == nil {
		t.Fatal("there is no HEALTHCHECK of onramp's own")
	}
	checkCommand(t, "HEALTHCHECK", health[1])
	checkVariables(t, "Dockerfile", text)
	for _, command := range regexp.MustCompile(`(?m)^#.* onramp onramp? ?([a-z].*--.*)$`).FindAllStringSubmatch(text, -1) {
		checkCommand(t, "Dockerfile", command[1])
	}
	module := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))
	if module == nil || !strings.Contains(text, "\nFROM golang:"+module[1]+"-") {
		t.Errorf("it is not built with Go %v, as the module asks", module)
	}
}
