package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

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
	output   format
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
		err = run(cmd.Context(), client, printer{cmd.OutOrStdout(), conn.output}, cmd, args)
		if errors.Is(err, operator.ErrNoServer) {
			err = fmt.Errorf("%w: start one with onramp serve, name another with --operator, or use --offline", err)
		}
		return errors.Join(err, done())
	}
	conn.stored.add(cmd.Flags())
	cmd.Flags().StringVar(&conn.operator, "operator", "http://"+defaultOperator, "address of the server's operator API")
	cmd.Flags().BoolVar(&conn.offline, "offline", false, "without a server: work on --data or --database directly")
	asSettings(cmd)
	conn.output.add(cmd)
	markCommon(cmd.Flags())
	complete(cmd, &conn)
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
		client := o.Client()
		client.Agent = agent()
		return client, o.Close, nil
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
	return &operator.Client{Base: c.operator, Token: token, Agent: agent()}, func() error { return nil }, nil
}
