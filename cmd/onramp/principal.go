package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newUser() *cobra.Command {
	cmd := parent("user", "Users of accounts and their policies", `Users: who acts for an account beside the account itself, and may do what policies allow.

A user signs with an access key of its own: onramp access-key add ACCOUNT --user NAME. Keys
that belong to no user are the account's own and may do everything.`)
	cmd.AddCommand(newUserAdd(), newUserSet(), newUserSetPassword(), newUserRemovePassword(), newUserTOTP())
	cmd.AddCommand(principalVerbs(operator.Users, "user", "USER")...)
	return cmd
}

func newRole() *cobra.Command {
	cmd := parent("role", "Roles of accounts, which others may assume", `Roles: what users, of this account or others, may assume for a while: aws sts assume-role.

Every account has the role OnrampOperator without its being listed: users added with
--all-accounts, of whatever account, may assume it and do everything there.`)
	cmd.AddCommand(newRoleAdd(), newRoleSet(), newRoleRevoke())
	cmd.AddCommand(principalVerbs(operator.Roles, "role", "ROLE")...)
	return cmd
}

func newUserAdd() *cobra.Command {
	var isOperator bool
	var attach []string
	return verb("add ACCOUNT USER", "Add a user", "Add a user, who may do nothing until a policy allows it.", arguments("ACCOUNT", "USER"),
		func(cmd *cobra.Command) {
			cmd.Flags().BoolVar(&isOperator, "all-accounts", false, "may assume the role OnrampOperator of every account")
			cmd.Flags().StringArrayVar(&attach, "attach", nil, "policy to attach, by name or ARN; may be repeated")
		},
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			in := operator.PrincipalChange{Name: args[1], Attach: attach}
			if isOperator {
				in.Operator = &isOperator
			}
			made, err := c.AddPrincipal(ctx, args[0], operator.Users, in)
			if err != nil {
				return err
			}
			return printPrincipal(p, made)
		})
}

func newUserSet() *cobra.Command {
	var isOperator bool
	return verb("set ACCOUNT USER", "Change a user", "Change a user; what is not given stays.", arguments("ACCOUNT", "USER"),
		func(cmd *cobra.Command) {
			cmd.Flags().BoolVar(&isOperator, "all-accounts", false, "may assume the role OnrampOperator of every account; --all-accounts=false: no longer")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			var in operator.PrincipalChange
			if cmd.Flags().Changed("all-accounts") {
				in.Operator = &isOperator
			}
			return shownPrincipal(p)(c.SetPrincipal(ctx, args[0], operator.Users, args[1], in))
		})
}

// trustFlags are how the trust policy of a role is said.
type trustFlags struct {
	file       string
	trusted    []string
	maxSession time.Duration
}

func (f *trustFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "trust", "", "file of the trust policy; - for standard input")
	cmd.Flags().StringArrayVar(&f.trusted, "trusted", nil, "who may assume the role: an account ID or an ARN; may be repeated, instead of --trust")
	cmd.Flags().DurationVar(&f.maxSession, "max-session", time.Hour, "longest session, 1h to 12h")
}

func (f *trustFlags) change(cmd *cobra.Command) (in operator.PrincipalChange, err error) {
	if cmd.Flags().Changed("max-session") {
		seconds := int(f.maxSession / time.Second)
		in.MaxSessionSeconds = &seconds
	}
	switch {
	case f.file != "" && f.trusted != nil:
		return in, usagef("--trust and --trusted exclude each other")
	case f.file != "":
		text, err := readDocument(cmd.InOrStdin(), f.file)
		if err != nil {
			return in, err
		}
		in.Trust = &text
	case f.trusted != nil:
		document, err := json.Marshal(map[string]any{
			"Version": "2012-10-17",
			"Statement": map[string]any{
				"Effect": "Allow", "Principal": map[string]any{"AWS": f.trusted}, "Action": "sts:AssumeRole",
			},
		})
		if err != nil {
			return in, err
		}
		text := string(document)
		in.Trust = &text
	}
	return in, nil
}

func newRoleAdd() *cobra.Command {
	var f trustFlags
	var attach []string
	return verb("add ACCOUNT ROLE", "Add a role", "Add a role with a trust policy, which says who may assume it.", arguments("ACCOUNT", "ROLE"),
		func(cmd *cobra.Command) {
			f.add(cmd)
			cmd.Flags().StringArrayVar(&attach, "attach", nil, "policy to attach, by name or ARN; may be repeated")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			in, err := f.change(cmd)
			if err != nil {
				return err
			}
			if in.Trust == nil {
				return usagef("say who may assume the role, with --trusted or --trust")
			}
			in.Name, in.Attach = args[1], attach
			return shownPrincipal(p)(c.AddPrincipal(ctx, args[0], operator.Roles, in))
		})
}

func newRoleSet() *cobra.Command {
	var f trustFlags
	return verb("set ACCOUNT ROLE", "Change a role", "Change a role; what is not given stays.", arguments("ACCOUNT", "ROLE"),
		func(cmd *cobra.Command) {
			f.add(cmd)
			hideDefaults(cmd.Flags(), "max-session")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			in, err := f.change(cmd)
			if err != nil {
				return err
			}
			return shownPrincipal(p)(c.SetPrincipal(ctx, args[0], operator.Roles, args[1], in))
		})
}

func newRoleRevoke() *cobra.Command {
	return verb("revoke ACCOUNT ROLE", "End the sessions of a role",
		"End all sessions of a role that were opened so far. Servers refuse them at once, others on the same database within two seconds.",
		arguments("ACCOUNT", "ROLE"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			_, err := c.SetPrincipal(ctx, args[0], operator.Roles, args[1], operator.PrincipalChange{Revoke: true})
			return err
		})
}

// principalVerbs are those that users and roles have alike.
func principalVerbs(kind, noun, argument string) []*cobra.Command {
	policyMove := func(name, short string, move func(*operator.Client, context.Context, string, string, string, string) (operator.Principal, error)) *cobra.Command {
		return verb(name+" ACCOUNT "+argument+" POLICY", short, "", arguments("ACCOUNT", argument, "POLICY"), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
				return shownPrincipal(p)(move(c, ctx, args[0], kind, args[1], args[2]))
			})
	}
	whatEnds := "Its access keys go with it."
	if kind == operator.Roles {
		whatEnds = "Its sessions end."
	}
	return []*cobra.Command{
		newPrincipalList(kind, noun),
		verb("show ACCOUNT "+argument, "Show a "+noun+" and its policies", "", arguments("ACCOUNT", argument), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
				return shownPrincipal(p)(c.Principal(ctx, args[0], kind, args[1]))
			}),
		verb("remove ACCOUNT "+argument, "Remove a "+noun,
			"Remove a "+noun+". "+whatEnds, arguments("ACCOUNT", argument), nil,
			func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
				return c.RemovePrincipal(ctx, args[0], kind, args[1])
			}),
		policyMove("attach", "Give a "+noun+" a policy, by name or ARN", (*operator.Client).AttachPolicy),
		policyMove("detach", "Take a policy from a "+noun, (*operator.Client).DetachPolicy),
		newInlinePut(kind, noun, argument),
		verb("remove-policy ACCOUNT "+argument+" NAME", "Remove a policy of a "+noun+"'s own", "", arguments("ACCOUNT", argument, "NAME"), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
				return shownPrincipal(p)(c.PutInlinePolicy(ctx, args[0], kind, args[1], args[2], ""))
			}),
	}
}

func newPrincipalList(kind, noun string) *cobra.Command {
	return verb("list ACCOUNT", "List an account's "+kind, "", arguments("ACCOUNT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			all, err := c.Principals(ctx, args[0], kind)
			if err != nil {
				return err
			}
			var rows [][]any
			for _, one := range all {
				rows = append(rows, []any{one.Name, one.ID, show(one.Created), len(one.Attached) + len(one.Inline)})
			}
			return p.table(all, []any{strings.ToUpper(noun), "ID", "CREATED", "POLICIES"}, rows)
		})
}

func newInlinePut(kind, noun, argument string) *cobra.Command {
	var file string
	return verb("put-policy ACCOUNT "+argument+" NAME", "Give a "+noun+" a policy of its own",
		"Give a "+noun+" a policy of its own, in place of an earlier one of that name.", arguments("ACCOUNT", argument, "NAME"),
		func(cmd *cobra.Command) { documentFlag(cmd, &file) },
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			text, err := requiredDocument(cmd.InOrStdin(), file)
			if err != nil {
				return err
			}
			return shownPrincipal(p)(c.PutInlinePolicy(ctx, args[0], kind, args[1], args[2], text))
		})
}

func documentFlag(cmd *cobra.Command, file *string) {
	cmd.Flags().StringVar(file, "document", "", "file of the policy document; - for standard input")
}

func requiredDocument(in io.Reader, file string) (string, error) {
	if file == "" {
		return "", usagef("--document names the file of the policy document; - for standard input")
	}
	return readDocument(in, file)
}

// readDocument reads a policy document from a file, or from standard input.
func readDocument(in io.Reader, file string) (string, error) {
	const most = 1 << 20
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, most))
	return string(text), err
}

// shownPrincipal prints what a call answers.
func shownPrincipal(p printer) func(operator.Principal, error) error {
	return func(one operator.Principal, err error) error {
		if err != nil {
			return err
		}
		return printPrincipal(p, one)
	}
}

func printPrincipal(p printer, one operator.Principal) error {
	pairs := []any{"Name", one.Name, "ARN", one.ARN, "ID", one.ID, "Created", one.Created, "Operator of all accounts", one.Operator}
	for _, arn := range one.Attached {
		pairs = append(pairs, "Policy", arn)
	}
	var own []string
	for name := range one.Inline {
		own = append(own, name)
	}
	slices.Sort(own)
	for _, name := range own {
		pairs = append(pairs, "Own policy", name)
	}
	for _, key := range one.Keys {
		id := key.ID
		if key.Disabled {
			id += " (disabled)"
		}
		pairs = append(pairs, "Access key", id)
	}
	pairs = append(pairs, "Trust policy", one.Trust)
	for _, arn := range slices.Sorted(maps.Keys(one.TrustLost)) {
		pairs = append(pairs, "No longer trusted", arn+", which was "+one.TrustLost[arn])
	}
	if one.MaxSessionSeconds > 0 {
		pairs = append(pairs, "Longest session", fmt.Sprint(time.Duration(one.MaxSessionSeconds)*time.Second))
	}
	return p.fields(one, append(pairs, "Sessions revoked before", one.Revoked)...)
}
