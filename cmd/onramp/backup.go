package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"onramp/internal/daemon"
	"onramp/internal/operator"
)

func newBackup() *cobra.Command {
	var keyset string
	return verb("backup FILE", "Back up the installation", `Back up the installation: all that its database holds, as it stands at one moment, into a
file that onramp restore makes a database of, of SQLite or PostgreSQL, whichever it came
from. The server goes on serving meanwhile. The file is read again and checked before it
gets its name; one that is there already is not touched.

Secrets in the file stay sealed: only the keyset opens them. What is not sealed can be
read by who has the file: names, addresses, the audit trail, hashes of passwords.
THE KEYSET IS NOT IN THE FILE, and nothing is restored without it. Keep a copy in
another place; --with-keyset writes one, from --keyset or the data folder.
What else is in the data folder (the operator token) is not in it either.`, arguments("FILE"),
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&keyset, "with-keyset", "", "file to copy the keyset to, mode 0600: who has both files has every secret")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			b, err := backUp(ctx, c, args[0], func(b *daemon.Backup) error {
				if keyset == "" {
					return nil
				}
				return copyKeyset(cmd, b, keyset)
			})
			if err != nil {
				return err
			}
			return printBackup(p, args[0], b)
		})
}

// backUp writes a file under another name, checks it, does what is to be done before it counts, and gives it its name.
func backUp(ctx context.Context, c *operator.Client, path string, before func(*daemon.Backup) error) (b *daemon.Backup, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("%s is there already: name another file", path), err)
	}
	folder := filepath.Dir(path)
	file, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	if err := errors.Join(c.Backup(ctx, file), file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	if b, err = daemon.OpenBackup(file.Name()); err != nil {
		return nil, err
	}
	if err := errors.Join(before(b), b.Close()); err != nil {
		return nil, err
	}
	return b, os.Link(file.Name(), path) // a rename would replace what is there by now
}

// copyKeyset copies the keyset that this machine has, if it is the backup's.
func copyKeyset(cmd *cobra.Command, b *daemon.Backup, to string) (err error) {
	from, err := keysetOf(cmd)
	if err != nil {
		return err
	}
	if err := b.CheckKeyset(from); err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// keysetOf is the keyset file of an installation on this machine.
func keysetOf(cmd *cobra.Command) (string, error) {
	if path, err := cmd.Flags().GetString("keyset"); err != nil || path != "" {
		return path, err
	}
	data, err := cmd.Flags().GetString("data")
	if err != nil {
		return "", err
	}
	folder, err := dataFolder(data)
	return daemon.KeysetFile(folder), err
}

func printBackup(p printer, path string, b *daemon.Backup) error {
	return p.fields(b.Manifest, "File", path, "Bytes", b.Size(), "Rows", b.Rows(), "Tables", len(b.Tables), "Schema", b.Schema,
		"From", b.Engine, "Begun", b.Time, "By onramp", b.Program)
}

func newRestore() *cobra.Command {
	var f stored
	output := format("")
	cmd := &cobra.Command{
		Use: "restore FILE", Short: "Make a database of a backup", Args: arguments("FILE"),
		Long: `Make a database of a backup: in --data (SQLite), or in --database (PostgreSQL), whichever it
came from. No server may run there yet: it refuses a place where a database is, a file
that is damaged or half of one, one that a newer onramp wrote, and another keyset than
the installation had (--keyset, or keyset.json in the data folder). An older schema is
moved forward. What fails leaves nothing behind that a server would take for a database.

  onramp restore backup.onramp --data /var/lib/onramp
  onramp audit verify --offline --data /var/lib/onramp
  onramp serve --data /var/lib/onramp

Servers of the old database must have ended for good: two installations with the same
routers and the same identifiers would get into each other's way.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := f.config()
			if err != nil {
				return err
			}
			b, err := daemon.OpenBackup(args[0])
			if err != nil {
				return err
			}
			defer b.Close()
			if err := b.Restore(cmd.Context(), c); err != nil {
				return err
			}
			return printBackup(printer{cmd.OutOrStdout(), output}, args[0], b)
		},
	}
	f.add(cmd.Flags())
	asSettings(cmd)
	output.add(cmd)
	return cmd
}
