package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newCrossConnect() *cobra.Command {
	cmd := parent("cross-connect", "Cables between ports and customers' panels", `What is kept of the cross connect of a connection: the facility's reference, when it was
requested, connected and disconnected, who did it, notes, and files such as the notice that
it is complete. It stays when the connection has ended, and each change is in its history and
in that of the port (onramp port history).`)
	cmd.AddCommand(newCrossConnectList(), newCrossConnectShow(), newCrossConnectSet(), newCrossConnectAttach(), newCrossConnectFetch(), newCrossConnectDetach())
	return cmd
}

func newCrossConnectList() *cobra.Command {
	return newQueue("List what is kept of cross connects", "List what is kept of cross connects, those of ended connections too.",
		map[string]string{"account": "of this account", "location": "at this location"},
		func(ctx context.Context, c *operator.Client, query url.Values) ([]operator.CrossConnect, string, error) {
			page, err := c.CrossConnects(ctx, query)
			return page.CrossConnects, page.After, err
		},
		func(p printer, found []operator.CrossConnect) error {
			var rows [][]any
			for _, x := range found {
				rows = append(rows, []any{x.Connection, x.Account, x.Location, x.Port, x.Reference, show(x.Requested), show(x.Connected), show(x.Disconnected)})
			}
			return p.table(found, []any{"CONNECTION", "ACCOUNT", "LOCATION", "PORT", "REFERENCE", "REQUESTED", "CONNECTED", "DISCONNECTED"}, rows)
		})
}

func newCrossConnectShow() *cobra.Command {
	return verb("show CONNECTION", "Show a cross connect, its files and its history", "", arguments("CONNECTION"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			x, err := c.CrossConnect(ctx, args[0])
			if err != nil {
				return err
			}
			return printCrossConnect(p, x)
		})
}

func newCrossConnectSet() *cobra.Command {
	texts := map[string]*string{}
	return verb("set CONNECTION", "Change what is kept of a cross connect", `Change what is kept of a cross connect; what is not given stays, and "" takes away. A date is
a day, a time such as 2026-11-23T09:00:00Z, or now:

  onramp cross-connect set dxcon-ffabc123 --reference XC-4711 --requested 2026-11-20
  onramp cross-connect set dxcon-ffabc123 --connected now --who 'J. Doe, remote hands'

It changes no state: onramp connection plug says that the cable is in the port.`,
		arguments("CONNECTION"),
		func(cmd *cobra.Command) {
			for _, f := range [][2]string{
				{"reference", "the facility's number for it"}, {"requested", "when the facility was asked"}, {"connected", "when it was made"},
				{"disconnected", "when it was taken away"}, {"who", "who did the work, or answers for it"}, {"notes", "anything else"},
			} {
				texts[f[0]] = cmd.Flags().String(f[0], "", f[1])
			}
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			given := func(name string) *string {
				if cmd.Flags().Changed(name) {
					return texts[name]
				}
				return nil
			}
			change := operator.CrossConnectChange{
				Reference: given("reference"), Requested: given("requested"), Connected: given("connected"), Disconnected: given("disconnected"),
				Who: given("who"), Notes: given("notes"),
			}
			if change == (operator.CrossConnectChange{}) {
				return usagef("nothing is to be changed: give at least one of the flags; usage: %s", cmd.UseLine())
			}
			x, err := c.SetCrossConnect(ctx, args[0], change)
			if err != nil {
				return err
			}
			return printCrossConnect(p, x)
		})
}

func newCrossConnectAttach() *cobra.Command {
	var name string
	return verb("attach CONNECTION FILE", "Keep a file with a cross connect", `Keep a file with a cross connect, in place of one of its name: PDF, PNG, JPEG or plain text, of
5 MB at most.`,
		arguments("CONNECTION", "FILE"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&name, "name", "", "its name here (default that of the file)")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			content, err := readFile(cmd.InOrStdin(), args[1])
			if err != nil {
				return err
			}
			if name == "" {
				name = filepath.Base(args[1])
			}
			if name == "-" {
				return usagef("--name is missing: what comes from standard input has none; usage: %s", cmd.UseLine())
			}
			a, err := c.Attach(ctx, args[0], name, content)
			if err != nil {
				return err
			}
			return p.fields(a, "Name", a.Name, "Type", a.MediaType, "Bytes", a.Size, "Added", a.Added)
		})
}

func newCrossConnectFetch() *cobra.Command {
	return verb("fetch CONNECTION NAME FILE", "Write a file of a cross connect to FILE", "Write a file of a cross connect to FILE; - is standard output.",
		arguments("CONNECTION", "NAME", "FILE"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			content, err := c.Attachment(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			if args[2] == "-" {
				_, err = p.out.Write(content)
				return err
			}
			return os.WriteFile(args[2], content, 0o600)
		})
}

func newCrossConnectDetach() *cobra.Command {
	return verb("detach CONNECTION NAME", "Remove a file of a cross connect", "", arguments("CONNECTION", "NAME"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			return c.Detach(ctx, args[0], args[1])
		})
}

func printCrossConnect(p printer, x operator.CrossConnect) error {
	pairs := []any{
		"Connection", x.Connection, "Account", x.Account, "Location", x.Location, "Port", x.Port, "Reference", x.Reference,
		"Requested", x.Requested, "Connected", x.Connected, "Disconnected", x.Disconnected, "Who", x.Who, "Notes", x.Notes,
	}
	for _, f := range x.Attachments {
		pairs = append(pairs, "File", fmt.Sprintf("%s, %s, %d bytes, %s", f.Name, f.MediaType, f.Size, show(f.Added)))
	}
	for _, e := range x.History {
		pairs = append(pairs, show(e.Time), eventText(e))
	}
	return p.fields(x, pairs...)
}

// eventText is what happened to a port, as a line.
func eventText(e operator.PortEvent) string {
	text := string(e.What)
	changes := e.Changes
	switch {
	case e.What == directconnect.CrossConnected:
		text = "cross connect"
	case e.What == directconnect.PortLeft && len(changes) == 1:
		text, changes = "moved to "+changes[0].To, nil
	case e.What == directconnect.PortAssigned && len(changes) == 1:
		text, changes = "moved here from "+changes[0].From, nil
	}
	for i, c := range changes {
		if i > 0 {
			text += ","
		}
		text += " " + c.Field
		if c.From != "" {
			text += " from " + c.From
		}
		if c.To != "" {
			text += " to " + c.To
		} else {
			text += " to nothing"
		}
	}
	if e.Note != "" {
		text += ": " + e.Note
	}
	if e.By != "" {
		text += " (" + e.By + ")"
	}
	return strings.ReplaceAll(text, "\n", " ")
}
