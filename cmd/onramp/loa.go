package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

// errInvalidLetter is the failure of a check: the letter is known and no longer good.
var errInvalidLetter = errors.New("the letter is not valid")

func newLOA() *cobra.Command {
	cmd := parent("loa", "Letters of authorization", "Letters of Authorization and Connecting Facility Assignment (LOA-CFA).")
	var connection string
	cmd.AddCommand(verb("verify CODE", "Check a letter by its verification code",
		`Check a letter by the verification code printed on it, such as 7KQ2-9XHM-4TBC. The
exit code is 1 unless the letter is valid.`,
		arguments("CODE"), func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&connection, "connection", "", "the connection ID on the letter: faster where there are many")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			l, err := c.VerifyLOA(ctx, args[0], connection)
			if err != nil {
				return err
			}
			valid := "no"
			if l.Valid {
				valid = "yes"
			}
			if err := p.fields(l, "Valid", valid, "Reason", l.Reason, "Connection", l.ConnectionID, "Name", l.Name,
				"Account", l.Account, "Location", l.Location, "State", l.State, "Issued", l.Issued, "Expires", l.Expires); err != nil {
				return err
			}
			if !l.Valid {
				return errInvalidLetter
			}
			return nil
		}))
	return cmd
}
