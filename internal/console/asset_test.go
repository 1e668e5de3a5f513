package console

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
)

// The file of others is the one that the table names.
func TestVendoredFiles(t *testing.T) {
	t.Parallel()
	table, err := assets.ReadFile("asset/README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` .*`([0-9a-f]{64})` \\|$").FindAllStringSubmatch(string(table), -1)
	if len(rows) != 1 {
		t.Fatalf("the table has %d files", len(rows))
	}
	for _, row := range rows {
		content, err := assets.ReadFile("asset/" + row[1])
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != row[2] {
			t.Errorf("%s is not the published file: %x", row[1], sum)
		}
	}
}

// What the policy of the pages forbids must not be in them: it would silently not work.
func TestPagesHaveNothingInline(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script(?:[^>]*)>[^<]|https?://[^"' ]*\.(js|css)`)
	files, err := templates.ReadDir("template")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d templates; error %v", len(files), err)
	}
	for _, f := range files {
		text, err := templates.ReadFile("template/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if found := forbidden.FindString(line); found != "" {
				t.Errorf("%s:%d: %q", f.Name(), i+1, found)
			}
		}
	}
}
