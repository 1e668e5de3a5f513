package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/daemon"
	"onramp/internal/operator"
)

// tokenVariable holds the operator token, for servers and verbs. It is no flag: other users of a machine see those.
const tokenVariable = "ONRAMP_OPERATOR_TOKEN"

// connection says which server a verb speaks to, and how it prints.
type connection struct {
	stored
	operator string
	offline  bool
	json     bool
}

// verb makes a command that calls the operator's API.
func verb(use, short, long string, args cobra.PositionalArgs, flags func(*cobra.Command),
	run func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error,
) *cobra.Command {
	var conn connection
	cmd := &cobra.Command{Use: use, Short: short, Long: long, Args: args}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		client, done, err := conn.client(cmd.Context())
		if err != nil {
			return err
		}
		err = run(cmd.Context(), client, printer{cmd.OutOrStdout(), conn.json}, cmd, args)
		if errors.Is(err, operator.ErrNoServer) {
			err = fmt.Errorf("%w: start one with onramp serve, name another with --operator, or use --offline", err)
		}
		return errors.Join(err, done())
	}
	conn.stored.add(cmd.Flags())
	cmd.Flags().StringVar(&conn.operator, "operator", "http://"+defaultOperator, "address of the server's operator API")
	cmd.Flags().BoolVar(&conn.offline, "offline", false, "without a server: work on --data or --database directly")
	asSettings(cmd)
	cmd.Flags().BoolVar(&conn.json, "json", false, "print JSON")
	if flags != nil {
		flags(cmd)
	}
	return cmd
}

// client is how a verb reaches the operator's API, and what to do when it is done.
func (c *connection) client(ctx context.Context) (*operator.Client, func() error, error) {
	config, err := c.stored.config()
	if err != nil {
		return nil, nil, err
	}
	if c.offline {
		o, err := daemon.OpenOffline(ctx, config)
		if err != nil {
			return nil, nil, err
		}
		return o.Client(), o.Close, nil
	}
	token := os.Getenv(tokenVariable)
	if token == "" {
		token, err = daemon.ReadToken(daemon.TokenFile(config.Data))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("there is no operator token in %s: start a server with onramp serve, name its data folder with --data, set %s, or use --offline",
				config.Data, tokenVariable)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return &operator.Client{Base: c.operator, Token: token}, func() error { return nil }, nil
}

// printer prints answers for people, or as JSON.
type printer struct {
	out  io.Writer
	json bool
}

// table prints rows under headings; or, as JSON, the value that they were made of.
func (p printer) table(value any, headings []any, rows [][]any) error {
	if p.json {
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
	if p.json {
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

func (p printer) value(v any) error {
	e := json.NewEncoder(p.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
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
