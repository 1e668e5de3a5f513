package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
)

const runbooks = "../../docs/runbooks"

// runbookParts are what every page has, in this order.
var runbookParts = []string{"## What it means\n", "## What the customer sees\n", "## How to check\n", "## How to fix it\n"}

// TestRunbooks: every reason that doctor can give has a page with all its parts, every page is about a reason, and the list of
// them is whole.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	index := readRunbook(t, "README.md")
	for reason, remedy := range directconnect.Reasons {
		if remedy.Means == "" || remedy.Do == "" {
			t.Errorf("%s: nobody says what it means, or what to do", reason)
		}
		if got, want := reason.Runbook(), "docs/runbooks/"+string(reason)+".md"; got != want {
			t.Errorf("the runbook of %s is %s, and not %s", reason, got, want)
		}
		text, at := readRunbook(t, string(reason)+".md"), 0
		if !strings.Contains(text, "`"+string(reason)+"`") {
			t.Errorf("%s.md does not name its reason", reason)
		}
		for _, part := range runbookParts {
			i := strings.Index(text[at:], part)
			if i < 0 {
				t.Errorf("%s.md has no %q in its place", reason, strings.TrimSpace(part))
				continue
			}
			at += i + len(part)
			if body, _, _ := strings.Cut(text[at:], "\n## "); len(strings.TrimSpace(body)) < len("onramp doctor ID") {
				t.Errorf("%s.md has nothing under %q", reason, strings.TrimSpace(part))
			}
		}
		if !strings.Contains(index, "| ["+string(reason)+"]("+string(reason)+".md) | ") {
			t.Errorf("README.md does not list %s", reason)
		}
	}
	for _, name := range runbookNames(t) {
		if _, ok := directconnect.Reasons[directconnect.Reason(strings.TrimSuffix(name, ".md"))]; !ok && name != "README.md" {
			t.Errorf("%s is about no reason", name)
		}
	}
}

func runbookNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(runbooks + "/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v: %d runbooks", err, len(files))
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

func readRunbook(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(runbooks, name))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

var (
	blockCommand  = regexp.MustCompile(`(?m)^    (onramp .*)$`)
	inlineCommand = regexp.MustCompile("`(onramp [^`]*)`")
	quotedWord    = regexp.MustCompile(`'[^']*'|"[^"]*"`)
)

// TestRunbookCommands: every command in a runbook, and in what doctor says is to be done, is one that there is, with the
// arguments and flags that it takes; and every page that is linked is there.
func TestRunbookCommands(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, name := range runbookNames(t) {
		text := readRunbook(t, name)
		for _, pattern := range []*regexp.Regexp{blockCommand, inlineCommand} {
			for _, m := range pattern.FindAllStringSubmatch(text, -1) {
				if err := parses(m[1]); err != nil {
					t.Errorf("%s: %q: %v", name, m[1], err)
				}
				seen++
			}
		}
		for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(runbooks, m[1])); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for reason, remedy := range directconnect.Reasons {
		for _, m := range regexp.MustCompile(`onramp [a-z][a-z -]*[a-z]( [A-Z]+)?( --resource ID)?`).FindAllString(remedy.Do, -1) {
			command := regexp.MustCompile(` (shows|tells).*`).ReplaceAllString(m, "")
			if err := parses(command); err != nil {
				t.Errorf("%s: %q: %v", reason, command, err)
			}
			seen++
		}
	}
	if seen < len(directconnect.Reasons) {
		t.Errorf("only %d commands were found", seen)
	}
}

// parses reports what is wrong with a command line, without running it.
func parses(line string) error {
	words := strings.Fields(quotedWord.ReplaceAllString(line, "x"))[1:]
	cmd, rest, err := newRoot().Find(words)
	if err != nil {
		return err
	}
	if len(words) == len(rest) {
		return fmt.Errorf("there is no such command")
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if err := cmd.ValidateRequiredFlags(); err != nil {
		return err
	}
	check := cmd.Args
	if check == nil {
		check = cobra.ArbitraryArgs
	}
	return check(cmd, cmd.Flags().Args())
}
