package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// format is how answers are printed: a table for people, or all of what the operator API answered.
type format string

const (
	formatTable format = "table"
	formatJSON  format = "json"
	formatYAML  format = "yaml"
)

var formats = []string{string(formatTable), string(formatJSON), string(formatYAML)}

// String, Set and Type make it a flag.
func (f *format) String() string { return string(*f) }

func (f *format) Set(text string) error {
	if !slices.Contains(formats, text) {
		return fmt.Errorf("it is not one of %s", strings.Join(formats, ", "))
	}
	*f = format(text)
	return nil
}

func (f *format) Type() string { return "format" }

// add adds --output, and --json for scripts of before it was there.
func (f *format) add(cmd *cobra.Command) {
	*f = formatTable
	cmd.Flags().VarP(f, "output", "o", "print as "+strings.Join(formats, ", "))
	cmd.Flags().BoolFunc("json", "the same as --output json", func(string) error { return f.Set(string(formatJSON)) })
	for _, err := range []error{
		cmd.Flags().MarkHidden("json"),
		cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)),
	} {
		if err != nil {
			panic(err) // the flags are those of the lines above
		}
	}
}

// printer prints answers.
type printer struct {
	out    io.Writer
	format format
}

// data tells whether programs read what is printed.
func (p printer) data() bool { return p.format == formatJSON || p.format == formatYAML }

// table prints rows under headings; or, as data, the value that they were made of.
func (p printer) table(value any, headings []any, rows [][]any) error {
	if p.data() {
		return p.value(value)
	}
	w := tabwriter.NewWriter(p.out, 0, 8, 2, ' ', 0)
	for _, row := range append([][]any{headings}, rows...) {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, cell)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// fields prints name and value pairs, those without a value left out.
func (p printer) fields(value any, pairs ...any) error {
	if p.data() {
		return p.value(value)
	}
	w := tabwriter.NewWriter(p.out, 0, 8, 2, ' ', 0)
	for i := 0; i < len(pairs); i += 2 {
		if text := show(pairs[i+1]); text != "" {
			fmt.Fprintf(w, "%s\t%s\n", pairs[i], text)
		}
	}
	return w.Flush()
}

// value prints data. YAML has the names and the order of JSON: it is made of it.
func (p printer) value(v any) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	content := text.Bytes()
	if p.format == formatYAML {
		var err error
		if content, err = jsonToYAML(content); err != nil {
			return err
		}
	}
	_, err := p.out.Write(content)
	return err
}

// show prints a value for people: times to the second, nothing for what is not set.
func show(v any) string {
	switch v := v.(type) {
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format("2006-01-02 15:04:05 UTC")
	case bool:
		if v {
			return "yes"
		}
		return ""
	}
	return fmt.Sprint(v)
}
