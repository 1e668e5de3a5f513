package clients

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modelsFolder is what makes an installed CLI know the operations that are younger than it.
func modelsFolder(t *testing.T) string {
	t.Helper()
	models, err := filepath.Abs("testdata/models")
	if err != nil {
		t.Fatal(err)
	}
	return models
}

// choices is what the CLI says before it lists its commands.
const choices = "valid choices are:"

// commands lists the operations that the CLI has for Direct Connect, by what it says itself when it is given one that it
// does not have.
func (cli *awsCLI) commands(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), cli.path, "directconnect", "no-such-command")
	cmd.Env = append(environ(), "AWS_DATA_PATH="+modelsFolder(t), "AWS_DEFAULT_REGION="+region)
	out, err := cmd.CombinedOutput()
	_, listed, ok := strings.Cut(string(out), choices)
	if err == nil || !ok {
		t.Fatalf("the CLI does not list its commands: %v\n%s", err, out)
	}
	return commandsIn(listed)
}

// commandsIn reads a list of commands in columns, up to what the CLI adds for one that is close.
func commandsIn(listed string) []string {
	listed, _, _ = strings.Cut(listed, "Invalid choice:")
	names := strings.FieldsFunc(listed, func(r rune) bool { return r == '|' || r == ' ' || r == '\n' || r == '\r' })
	return slices.DeleteFunc(names, func(name string) bool { return name == "help" || name == "wait" })
}

func TestCommandsIn(t *testing.T) {
	t.Parallel()
	const listed = "\n\ncreate-lag           | delete-lag     \ntag-resource  | help    \n\n\nInvalid choice: 'create-la', maybe you meant:\n\n  * create-lag\n"
	if got, want := commandsIn(listed), []string{"create-lag", "delete-lag", "tag-resource"}; !slices.Equal(got, want) {
		t.Errorf("the commands are %q, want %q", got, want)
	}
}

// unwalked lists the commands that no script had an answer of.
func (cli *awsCLI) unwalked(t *testing.T) []string {
	t.Helper()
	answered := map[string]bool{}
	for _, operation := range cli.answered() {
		answered[strings.ToLower(operation)] = true
	}
	all := cli.commands(t)
	if len(all) < len(operations(true)) {
		t.Errorf("the CLI has %d commands, fewer than there are operations: %q", len(all), all)
	}
	return slices.DeleteFunc(all, func(command string) bool { return answered[strings.ReplaceAll(command, "-", "")] })
}
