package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"onramp/internal/operator"
)

func newUserSetPassword() *cobra.Command {
	return verb("set-password ACCOUNT USER", "Set a user's password for the console",
		`Set a user's password for the console. It is asked for twice on a terminal, and
otherwise read from standard input; it is never a flag, which others could see. It has
12 characters or more. All sessions of the user's end.`, arguments("ACCOUNT", "USER"), nil,
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			password, err := readPassword(cmd.InOrStdin(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			return shownAccess(p)(c.SetConsolePassword(ctx, args[0], args[1], password))
		})
}

func newUserRemovePassword() *cobra.Command {
	return verb("remove-password ACCOUNT USER", "Take a user's password for the console away",
		"Take a user's password for the console away, and the second factor with it. All sessions of the user's end.",
		arguments("ACCOUNT", "USER"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			return shownAccess(p)(c.SetConsolePassword(ctx, args[0], args[1], ""))
		})
}

func newUserTOTP() *cobra.Command {
	cmd := parent("totp", "Second factors of users at the console", `Second factors: codes of an authenticator (TOTP) that the console asks users for beside
the password. Users set theirs up at the console, too.`)
	cmd.AddCommand(
		verb("enable ACCOUNT USER", "Ask a user for a second factor",
			`Make a second factor for a user and print it as a URL that authenticators read. Then read
a code of it from standard input: with the right one it is asked for from now on.`, arguments("ACCOUNT", "USER"), nil, enableTOTP),
		verb("disable ACCOUNT USER", "Ask a user for no second factor any more",
			"Ask a user for no second factor any more, such as one who has lost theirs.", arguments("ACCOUNT", "USER"), nil,
			func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
				return shownAccess(p)(c.RemoveTOTP(ctx, args[0], args[1]))
			}),
	)
	return cmd
}

func enableTOTP(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
	made, err := c.MakeTOTP(ctx, args[0], args[1])
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "For the authenticator of %s:\n\n  %s\n\nThe code that it shows: ", args[1], made.URL)
	code, err := readLine(cmd.InOrStdin())
	if err != nil {
		return err
	}
	return shownAccess(p)(c.ConfirmTOTP(ctx, args[0], args[1], operator.ConsoleCode{Sealed: made.Sealed, Code: strings.ReplaceAll(code, " ", "")}))
}

// shownAccess prints what a call answers.
func shownAccess(p printer) func(operator.ConsoleAccess, error) error {
	return func(a operator.ConsoleAccess, err error) error {
		if err != nil {
			return err
		}
		say := map[bool]string{true: "yes", false: "no"} // a "no" is worth a line here
		return p.fields(a, "Password", say[a.Password], "Set", a.Changed, "Second factor", say[a.SecondFactor])
	}
}

// readPassword asks for a password twice on a terminal, without showing it, and reads a line of anything else.
func readPassword(in io.Reader, prompt io.Writer) (string, error) {
	f, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return readLine(in)
	}
	var both [2]string
	for i, text := range []string{"New password: ", "Again: "} {
		fmt.Fprint(prompt, text)
		typed, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(prompt)
		if err != nil {
			return "", err
		}
		both[i] = string(typed)
	}
	if both[0] != both[1] {
		return "", errors.New("the password was not the same twice")
	}
	return notEmpty(both[0])
}

// readLine reads the first line.
func readLine(in io.Reader) (string, error) {
	const most = 4096
	line, err := bufio.NewReader(io.LimitReader(in, most)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return notEmpty(strings.TrimRight(line, "\r\n"))
}

func notEmpty(line string) (string, error) {
	if line == "" {
		return "", usagef("there is nothing on standard input")
	}
	return line, nil
}
