package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"onramp/internal/archive"
	"onramp/internal/seal"
	"onramp/internal/store"
)

// Backup is a backup file that is whole.
type Backup struct {
	archive.Manifest
	file  *os.File
	size  int64
	proof string // what only the keyset opens that the secrets in it are sealed with; empty: none are
}

// OpenBackup opens a file and reads all of it: it answers none that is damaged.
func OpenBackup(path string) (*Backup, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b := &Backup{file: file}
	if err := b.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return b, nil
}

func (b *Backup) read() error {
	info, err := b.file.Stat()
	if err != nil {
		return err
	}
	b.size = info.Size()
	look := &settingReader{name: keysetSetting}
	b.Manifest, err = archive.Read(b.file, b.size, look)
	b.proof = look.value
	return err
}

// Size is that of the file, in bytes.
func (b *Backup) Size() int64 { return b.size }

// Close lets go of the file.
func (b *Backup) Close() error { return b.file.Close() }

// CheckKeyset refuses a keyset file that is not the one that the secrets in the backup are sealed with.
func (b *Backup) CheckKeyset(path string) error {
	if b.proof == "" {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) { // seal.Open would make one
		return fmt.Errorf("the keyset file %s is missing: put there the one that the installation had, or name it with --keyset; it is in no backup", path)
	}
	sealer, err := seal.Open(path)
	if err != nil {
		return err
	}
	if !proves(sealer, b.proof) {
		return fmt.Errorf("the keyset file %s is not the one that the secrets in this backup are sealed with: name the right one with --keyset", path)
	}
	return nil
}

// Restore makes the database of a Config of a backup. It refuses a place where a database is, and another keyset than the
// installation had. It starts nothing.
func (b *Backup) Restore(ctx context.Context, c Config) error {
	if err := c.check(); err != nil {
		return err
	}
	url, err := c.databaseURL()
	if err != nil {
		return err
	}
	if err := b.CheckKeyset(c.keysetFile()); err != nil {
		return err
	}
	_, err = store.Restore(ctx, store.Options{URL: url}, b.file, b.size)
	return err
}

// proves reports whether a sealer is of the keyset that a proof was sealed with.
func proves(sealer *seal.Sealer, proof string) bool {
	opened, err := sealer.Open(proof, keysetSetting)
	return err == nil && string(opened) == keysetProof
}

// settingReader finds one setting in an archive.
type settingReader struct {
	name, value string
	key, column int // of a row; -1: this is another table
}

func (s *settingReader) About(archive.About) error { return nil }

func (s *settingReader) Table(name string, columns []string) error {
	s.key, s.column = slices.Index(columns, "name"), slices.Index(columns, "value")
	if name != "setting" || s.column < 0 {
		s.key = -1
	}
	return nil
}

func (s *settingReader) Row(values []any) error {
	if s.key >= 0 && values[s.key] == s.name {
		s.value, _ = values[s.column].(string)
	}
	return nil
}
