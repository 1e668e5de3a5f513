package clients

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/inventory"
	"onramp/test/need"
)

// What the README has in place of an ID, and of the addresses that a server listens on.
const (
	anyID          = "dxcon-..."
	readmeEndpoint = "http://127.0.0.1:7224"
	operatorListen = "127.0.0.1:7225"
)

// readme is the README's text.
func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks are the indented blocks under a heading, in their order, without the indent.
func blocks(text, heading string) []string {
	_, section, _ := strings.Cut(text, "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var found []string
	var block strings.Builder
	end := func() {
		if b := strings.TrimSpace(block.String()); b != "" {
			found = append(found, b+"\n")
		}
		block.Reset()
	}
	for line := range strings.Lines(section) {
		if code, ok := strings.CutPrefix(line, "    "); ok {
			block.WriteString(code)
		} else if strings.TrimSpace(line) == "" {
			block.WriteString("\n")
		} else {
			end()
		}
	}
	end()
	return found
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	text := "# A\n\n    not this\n\n## B\n\nSay:\n\n    one\n      two\n\n    three\n\nThen:\n    four\n\n## C\n\n    nor this\n"
	got := fmt.Sprintf("%q", blocks(text, "B"))
	if want := `["one\n  two\n\nthree\n" "four\n"]`; got != want {
		t.Errorf("blocks are %s, want %s", got, want)
	}
}

// blockWith finds the one block that has a text in it.
func blockWith(t *testing.T, found []string, text string) string {
	t.Helper()
	for _, b := range found {
		if strings.Contains(b, text) {
			return b
		}
	}
	t.Fatalf("the README has no block with %q in this section", text)
	return ""
}

// TestReadme runs the commands of the README against the program as it is built, each part against a server of its own.
func TestReadme(t *testing.T) {
	t.Parallel()
	text := readme(t)
	for _, said := range []string{fmt.Sprint(len(inventory.Default().Locations), " locations"), strings.TrimPrefix(readmeEndpoint, "http://"), operatorListen} {
		if !strings.Contains(text, said) {
			t.Errorf("the README does not say %q", said)
		}
	}
	bin := buildProgram(t)
	orders := blocks(text, "A first order")
	for _, part := range []struct {
		name   string
		script string
		run    func(t *testing.T, bin, script string)
	}{
		{"AWS CLI", blockWith(t, orders, "alias dx="), readmeAWSCLI},
		{"boto3", blockWith(t, orders, "import boto3"), readmeBoto3},
		{"Terraform", blockWith(t, orders, "resource "), readmeTerraform},
		{"permissions", blockWith(t, blocks(text, "Who may do what"), "assume-role"), readmePermissions},
		{"operator", blockWith(t, blocks(text, "Play the provider"), "onramp connection approve"), readmeOperator},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t, bin, part.script)
		})
	}
}

func readmeAWSCLI(t *testing.T, bin, script string) {
	pdftotext := pdftotext(t)
	// the first in PATH may be one that does not work
	path := strings.Join([]string{bin, filepath.Dir(need.AWSCLI(t)), os.Getenv("PATH")}, string(filepath.ListSeparator))
	s := serve(t, bin, "onramp serve", "PATH="+path)
	script = s.here(script)
	order, rest, ok := cutBefore(script, anyID)
	if !ok {
		t.Fatal("the README's shell commands use no " + anyID)
	}
	out := s.shell(order)
	id := regexp.MustCompile(`dxcon-[a-z0-9]{8}`).FindString(out)
	if !strings.Contains(out, "EqDC2") || !strings.Contains(out, `"connectionState": "requested"`) || id == "" {
		t.Fatalf("the first commands printed:\n%s", masked(out))
	}
	s.shell("onramp clock advance 5s") // what the README says it takes
	if c := s.connection(id); c.State != "available" || !strings.Contains(script, "five seconds") {
		t.Errorf("the connection is %s after five seconds at the default pace", c.State)
	}
	s.shell(setup(script) + strings.ReplaceAll(rest, anyID, id))
	letter, err := exec.CommandContext(t.Context(), pdftotext, filepath.Join(s.folder, "loa.pdf"), "-").CombinedOutput()
	if err != nil || !strings.Contains(string(letter), id) {
		t.Errorf("loa.pdf does not name the connection: %v\n%s", err, letter)
	}
}

// readmePermissions runs the commands of "Who may do what".
func readmePermissions(t *testing.T, bin, script string) {
	path := strings.Join([]string{bin, filepath.Dir(need.AWSCLI(t)), os.Getenv("PATH")}, string(filepath.ListSeparator))
	s := serve(t, bin, "onramp serve", "PATH="+path)
	out := s.shell(s.here(script))
	for _, want := range []string{"implicitDeny", `"arn:aws:iam::111122223333:user/bob"`, `"connections": []`, `"arn:aws:sts::111122223333:assumed-role/ops/bob"`} {
		if !strings.Contains(out, want) {
			t.Errorf("the commands did not print %s", want) // what they printed has credentials in it
		}
	}
}

func readmeBoto3(t *testing.T, bin, script string) {
	s := serve(t, bin, "onramp serve")
	if out := s.command(need.Python(t, "boto3"), "-c", s.here(script)); strings.TrimSpace(out) != "requested" {
		t.Errorf("the script printed %q, want requested", out)
	}
}

func readmeTerraform(t *testing.T, bin, script string) {
	tools := need.Terraform(t)
	s := serve(t, bin, "onramp serve")
	tf := &terraform{t: t, path: tools.Path, folder: t.TempDir()}
	if err := os.WriteFile(filepath.Join(tf.folder, "main.tf"), []byte(s.here(script)), 0o600); err != nil {
		t.Fatal(err)
	}
	tf.prepare(tools, nil)
	tf.apply()
	tf.mustBeEmpty()
	tf.destroy()
}

// setup is the part of a script that other parts build on: exports and aliases.
func setup(script string) string {
	var kept strings.Builder
	for line := range strings.Lines(script) {
		if strings.HasPrefix(line, "export ") || strings.HasPrefix(line, "alias ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// cutBefore cuts a script before the line that has a text in it.
func cutBefore(script, text string) (before, rest string, found bool) {
	i := strings.Index(script, text)
	if i < 0 {
		return script, "", false
	}
	start := strings.LastIndex(script[:i], "\n") + 1
	return script[:start], script[start:], true
}

// moves are the verbs on a connection, and the state that follows.
var moves = map[string]string{"approve": "pending", "plug": "available", "cut": "down", "restore": "available"}

// readmeOperator runs the commands of "Play the provider" and holds what their comments say.
func readmeOperator(t *testing.T, bin, script string) {
	lines := strings.Split(strings.TrimSpace(script), "\n")
	s := serve(t, bin, lines[0])
	open := newSDK(s.endpoint, "test", openSecret)
	id := orderOne(t, open)
	seen, out := 0, ""
	for _, line := range lines[1:] {
		out = s.shell(strings.ReplaceAll(line, anyID, id))
		command, comment, _ := strings.Cut(line, "#")
		state, isMove := moveIn(command)
		if !isMove {
			continue
		}
		seen++
		s.shell("onramp clock advance 1s") // the router is looked at again
		if c := s.connection(id); c.State != state || !strings.Contains(comment, state) {
			t.Errorf("after %q the connection is %s, want %s", line, c.State, state)
		}
	}
	if seen != len(moves) {
		t.Errorf("the README shows %d of the verbs %v", seen, moves)
	}
	if out := s.shell("onramp inventory apply mine.yaml --dry-run"); strings.TrimSpace(out) == "" {
		t.Error("a dry run said nothing")
	}
	checkKey(t, s, out, open)
}

func moveIn(command string) (state string, ok bool) {
	for verb, state := range moves {
		if strings.Contains(command, "connection "+verb+" ") {
			return state, true
		}
	}
	return "", false
}

// checkKey shows that open mode has ended, and that the key that was printed works.
func checkKey(t *testing.T, s *program, printed string, open *directconnect.Client) {
	t.Helper()
	id := regexp.MustCompile(`AWS_ACCESS_KEY_ID=(\S+)`).FindStringSubmatch(printed)
	secret := regexp.MustCompile(`AWS_SECRET_ACCESS_KEY=(\S+)`).FindStringSubmatch(printed)
	if id == nil || secret == nil {
		t.Fatal("the last command printed no access key")
	}
	if _, err := open.DescribeLocations(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "UnrecognizedClientException") {
		t.Errorf("the credentials of open mode after an account was added: %v", err)
	}
	if c := s.connection(orderOne(t, newSDK(s.endpoint, id[1], secret[1]))); c.Account != customer {
		t.Errorf("an order with the new key is of account %s", c.Account)
	}
}
