// Command gen writes the wire structures of package api from the schemas that
// ship with the AWS SDK for Go. It runs in the package's folder, by go generate.
//
// It is a development tool: it reads the SDK so that the server need not, and
// does nothing at run time.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	m, err := readModel()
	if err != nil {
		return err
	}
	files, err := render(m)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
