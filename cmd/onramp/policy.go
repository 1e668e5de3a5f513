package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newPolicy() *cobra.Command {
	cmd := parent("policy", "Policies of accounts: who may do what", `Policies: documents in AWS's own language that say what users, roles and sessions may do.

Every account has AWSDirectConnectFullAccess and AWSDirectConnectReadOnlyAccess, and may
have policies of its own. They are attached by name or ARN: onramp user attach.`)
	cmd.AddCommand(newPolicyPut("add", "Add a policy to an account", (*operator.Client).AddPolicy),
		newPolicyPut("set", "Put another document in a policy's place", (*operator.Client).SetPolicy),
		newPolicyList(), newPolicyShow(), newPolicyRemove(), newPolicyCheck())
	// As with users and roles: onramp policy attach ACCOUNT POLICY --user NAME.
	cmd.AddCommand(newPolicyAttach("attach", "Give a user or role a policy", (*operator.Client).AttachPolicy),
		newPolicyAttach("detach", "Take a policy from a user or role", (*operator.Client).DetachPolicy))
	return cmd
}

func newPolicyPut(name, short string, put func(*operator.Client, context.Context, string, string, string) (operator.Policy, error)) *cobra.Command {
	var file string
	return verb(name+" ACCOUNT POLICY", short, short+". It holds at once for whoever has it.", arguments("ACCOUNT", "POLICY"),
		func(cmd *cobra.Command) { documentFlag(cmd, &file) },
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			text, err := requiredDocument(cmd.InOrStdin(), file)
			if err != nil {
				return err
			}
			made, err := put(c, ctx, args[0], args[1], text)
			if err != nil {
				return err
			}
			return printPolicy(p, made)
		})
}

func newPolicyList() *cobra.Command {
	return verb("list ACCOUNT", "List the policies that an account has", "", arguments("ACCOUNT"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			all, err := c.Policies(ctx, args[0])
			if err != nil {
				return err
			}
			var rows [][]any
			for _, one := range all {
				rows = append(rows, []any{one.Name, one.ARN, show(one.Updated)})
			}
			return p.table(all, []any{"POLICY", "ARN", "CHANGED"}, rows)
		})
}

func newPolicyShow() *cobra.Command {
	return verb("show ACCOUNT POLICY", "Show a policy, by name or ARN, and who has it", "", arguments("ACCOUNT", "POLICY"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			one, err := c.Policy(ctx, args[0], args[1])
			if err != nil {
				return err
			}
			return printPolicy(p, one)
		})
}

func newPolicyRemove() *cobra.Command {
	return verb("remove ACCOUNT POLICY", "Remove a policy that nobody has", "", arguments("ACCOUNT", "POLICY"), nil,
		func(ctx context.Context, c *operator.Client, _ printer, _ *cobra.Command, args []string) error {
			return c.RemovePolicy(ctx, args[0], args[1])
		})
}

// whose says a user or a role.
type whose struct{ user, role string }

func (w *whose) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.user, "user", "", "a user of the account")
	cmd.Flags().StringVar(&w.role, "role", "", "a role of the account")
}

func newPolicyAttach(name, short string, move func(*operator.Client, context.Context, string, string, string, string) (operator.Principal, error)) *cobra.Command {
	var w whose
	return verb(name+" ACCOUNT POLICY", short, short+": --user or --role says to whom.", arguments("ACCOUNT", "POLICY"), w.add,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			kind, of := operator.Users, w.user
			if w.role != "" {
				kind, of = operator.Roles, w.role
			}
			if (w.user == "") == (w.role == "") {
				return usagef("say one of --user and --role")
			}
			return shownPrincipal(p)(move(c, ctx, args[0], kind, of, args[1]))
		})
}

func newPolicyCheck() *cobra.Command {
	var w whose
	var file, resource string
	var given []string
	return verb("check ACCOUNT ACTION", "Tell whether something would be allowed",
		`Tell whether a user, a role, or whoever had a policy document would be allowed to do
something, and which statement decides it. Nothing is done.

The exit status is 0 whatever the answer: it is "allowed", "implicitDeny" (nothing allows
it) or "explicitDeny".`,
		arguments("ACCOUNT", "ACTION"), func(cmd *cobra.Command) {
			w.add(cmd)
			documentFlag(cmd, &file)
			cmd.Flags().StringVar(&resource, "resource", "*", "ARN of what it is done to; * for nothing in particular")
			cmd.Flags().StringArrayVar(&given, "context", nil, "value of a condition key, such as aws:ResourceTag/env=prod; may be repeated")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			q := operator.PolicyQuestion{User: w.user, Role: w.role, Action: args[1], Resource: resource, Context: map[string][]string{}}
			if file != "" {
				text, err := readDocument(cmd.InOrStdin(), file)
				if err != nil {
					return err
				}
				q.Document = text
			}
			for _, entry := range given {
				key, value, ok := strings.Cut(entry, "=")
				if !ok {
					return usagef("--context %q is not KEY=VALUE", entry)
				}
				q.Context[key] = append(q.Context[key], value)
			}
			answer, err := c.CheckPolicy(ctx, args[0], q)
			if err != nil {
				return err
			}
			statement := ""
			if answer.Statement != nil {
				statement = fmt.Sprint(*answer.Statement)
			}
			return p.fields(answer, "Decision", answer.Decision, "Principal", answer.Principal, "Policy", answer.Policy,
				"Statement", statement, "Sid", answer.SID)
		})
}

func printPolicy(p printer, one operator.Policy) error {
	pairs := []any{"Name", one.Name, "ARN", one.ARN, "Changed", one.Updated}
	for _, arn := range one.AttachedTo {
		pairs = append(pairs, "Attached to", arn)
	}
	if err := p.fields(one, pairs...); err != nil || p.data() || one.Document == "" {
		return err
	}
	fmt.Fprintf(p.out, "\n%s\n", strings.TrimSpace(one.Document))
	return nil
}
