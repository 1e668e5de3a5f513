// Command gen writes the pages of docs/ that are printed from the program's own tables: states.md, the machines that
// everything in the API goes through, parity.md, what each operation has and lacks, and the table of operations in README.md.
//
// It is run by make gen. It knows no rule itself: what it prints it asks of internal/directconnect and internal/controlplane. The pages are
// committed, and a test fails when one is not what this command would write.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . -out ..

// pages are the files written, by name, and what writes them.
var pages = map[string]func() string{
	"states.md": states,
}

func main() {
	out := flag.String("out", "docs", "folder to write to; README.md is in the folder above it")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(out string) error {
	for name, page := range pages {
		if err := os.WriteFile(filepath.Join(out, name), []byte(page()), 0o644); err != nil {
			return err
		}
	}
	page, err := parity(filepath.Join(out, ".."))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "parity.md"), []byte(page), 0o644); err != nil {
		return err
	}
	path := filepath.Join(out, "..", "README.md")
	have, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	readme, err := withOperations(string(have))
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(readme), 0o644)
}
