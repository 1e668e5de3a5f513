package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

// secretVariable holds the secret of an imported key. It is no flag: other users of a machine see those.
const secretVariable = "ONRAMP_SECRET_ACCESS_KEY"

func newAccessKey() *cobra.Command {
	cmd := parent("access-key", "Accounts' access keys", `Access keys: what the requests of an account are signed with. Secrets are kept sealed
and shown once, when they are made.`)
	cmd.AddCommand(newAccessKeyAdd(), newAccessKeyList(), newAccessKeyRemove(),
		newAccessKeySet("disable", "Disable an access key", `Disable an access key: requests with it are refused, as are those of the sessions that
GetSessionToken gave for it, until it is enabled again. Servers refuse it at once, others on
the same database within two seconds.`, (*operator.Client).DisableAccessKey),
		newAccessKeySet("enable", "Enable a disabled access key", "Enable an access key that was disabled.", (*operator.Client).EnableAccessKey))
	return cmd
}

func newAccessKeyAdd() *cobra.Command {
	var id, user string
	var stdin bool
	return verb("add ACCOUNT", "Make or import an access key",
		`Make an access key for an account and print it: the secret is not shown again.

With --id an existing key pair is imported; its secret is read from standard input
(--secret-from-stdin) or from `+secretVariable+`.

With --user the key is that user's, who may do what policies allow. Without it the key is the
account's own, and may do everything that the account may. A user can have two keys.`,
		arguments("ACCOUNT"), func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&user, "user", "", "user of the account whose key it is")
			cmd.Flags().StringVar(&id, "id", "", "import the key pair with this access key ID")
			cmd.Flags().BoolVar(&stdin, "secret-from-stdin", false, "read the secret of the imported pair from standard input")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			secret, err := importedSecret(cmd.InOrStdin(), id, stdin)
			if err != nil {
				return err
			}
			k, err := c.AddUserAccessKey(ctx, args[0], user, id, secret)
			if err != nil {
				return err
			}
			if p.data() {
				return p.value(k)
			}
			fmt.Fprintf(p.out, "export AWS_ACCESS_KEY_ID=%s\n", k.ID)
			if k.Secret != "" {
				fmt.Fprintf(p.out, "export AWS_SECRET_ACCESS_KEY=%s\n", k.Secret)
				fmt.Fprintln(cmd.ErrOrStderr(), "Keep the secret: it is not shown again.")
			}
			return nil
		})
}

// importedSecret reads the secret of a pair to import; empty without --id.
func importedSecret(in io.Reader, id string, stdin bool) (string, error) {
	if id == "" {
		if stdin {
			return "", usagef("--secret-from-stdin goes with --id")
		}
		return "", nil
	}
	if stdin {
		const most = 4096
		text, err := io.ReadAll(io.LimitReader(in, most))
		return strings.TrimRight(string(text), "\r\n"), err
	}
	if secret := os.Getenv(secretVariable); secret != "" {
		return secret, nil
	}
	return "", usagef("the secret of %s is missing: give it with --secret-from-stdin or in %s", id, secretVariable)
}

func newAccessKeyList() *cobra.Command {
	return verb("list ACCOUNT", "List an account's access keys", "List an account's access keys, without their secrets.", arguments("ACCOUNT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			keys, err := c.AccessKeys(ctx, args[0])
			if err != nil {
				return err
			}
			var rows [][]any
			for _, k := range keys {
				rows = append(rows, []any{k.ID, show(k.Created), keyStatus(k), k.User})
			}
			return p.table(keys, []any{"ID", "CREATED", "STATUS", "USER"}, rows)
		})
}

// keyStatus is the word for whether a key is good.
func keyStatus(k operator.AccessKey) string {
	if k.Disabled {
		return "disabled"
	}
	return "active"
}

func newAccessKeySet(name, short, long string, set func(*operator.Client, context.Context, string, string) (operator.AccessKey, error)) *cobra.Command {
	return verb(name+" ACCOUNT ID", short, long, arguments("ACCOUNT", "ID"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			k, err := set(c, ctx, args[0], args[1])
			if err != nil {
				return err
			}
			return p.fields(k, "Access key", k.ID, "User", k.User, "Created", k.Created, "Status", keyStatus(k))
		})
}

func newAccessKeyRemove() *cobra.Command {
	return verb("remove ACCOUNT ID", "Remove an access key",
		"Remove an access key. Servers refuse it at once, others on the same database within two seconds.",
		arguments("ACCOUNT", "ID"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			return c.RemoveAccessKey(ctx, args[0], args[1])
		})
}
