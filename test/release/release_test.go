// Package release holds the tests of the files that Onramp is released and installed with: that they can be read, and that
// every flag, setting, file and value they name exists. scripts/check-release builds from them; it takes longer and fetches
// what it uses. There is no code to import here.
package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"onramp/test/need"
)

// top is the top of the repository.
const top = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// readYAML reads a file, strictly enough to find a key that is there twice.
func readYAML(t *testing.T, path string) (tree map[string]any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, path)), &tree); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return tree
}

// program is the real one, built once.
var program = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "onramp-release-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "onramp")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/onramp")
	cmd.Dir = top
	text, err := cmd.CombinedOutput()
	if err != nil {
		return string(text), err
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// helps are the help texts of verbs.
var helps sync.Map

func help(t *testing.T, verbs string) string {
	t.Helper()
	if text, ok := helps.Load(verbs); ok {
		return text.(string)
	}
	path, err := program()
	if err != nil {
		t.Fatalf("building onramp: %v: %s", err, path)
	}
	text, err := exec.CommandContext(t.Context(), path, append(strings.Fields(verbs), "--help")...).CombinedOutput()
	if err != nil {
		t.Fatalf("onramp %s --help: %v: %s", verbs, err, text)
	}
	helps.Store(verbs, string(text))
	return string(text)
}

var flagWord = regexp.MustCompile(`(?:^|[\s\["'])--([a-z][a-z-]*)`)

// checkCommand wants the verbs and flags of a command line, without the program, to exist.
func checkCommand(t *testing.T, where, command string) {
	t.Helper()
	var verbs []string
	for _, word := range strings.Fields(command) {
		if strings.HasPrefix(word, "-") || word != strings.ToLower(word) || strings.ContainsAny(word, "{}/0123456789") {
			break
		}
		verbs = append(verbs, word)
	}
	text := help(t, strings.Join(verbs, " "))
	if !strings.Contains(text, "onramp "+strings.Join(verbs, " ")) {
		t.Errorf("%s: there is no verb %q", where, verbs)
	}
	for _, flag := range flagWord.FindAllStringSubmatch(command, -1) {
		checkFlag(t, where, strings.Join(verbs, " "), flag[1])
	}
}

func checkFlag(t *testing.T, where, verbs, flag string) {
	t.Helper()
	if !regexp.MustCompile(`(?m)^ +(?:-\w, +)?--` + flag + `(?:\s|$)`).MatchString(help(t, verbs)) {
		t.Errorf("%s: onramp %s has no flag --%s", where, verbs, flag)
	}
}

var variable = regexp.MustCompile(`\bONRAMP_[A-Z_]+\b`)

// checkVariables wants the variables of the environment that a text names to be settings of the server.
func checkVariables(t *testing.T, where, text string) {
	t.Helper()
	for _, name := range variable.FindAllString(text, -1) {
		if !strings.Contains(help(t, "serve"), name) {
			t.Errorf("%s: %s is no setting of onramp serve", where, name)
		}
	}
}

// run runs a program that this machine may not have.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		need.Optional(t, program+" is not installed")
	}
	text, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v: %s", program, strings.Join(args, " "), err, text)
	}
	return string(text)
}
