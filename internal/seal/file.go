package seal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"onramp/internal/wholefile"
)

// maxKeyset bounds what is read as a keyset file; one key takes 300 bytes.
const maxKeyset = 1 << 20

// Open loads the keyset file at path and, where there is none, first makes one:
// random, mode 0600, complete or not at all, and one only, however many processes
// start at once. Its folder must exist.
//
// A file that group or others may read (but for the group of a file that belongs to another user), and one that is damaged, are refused and
// left as they are: a new keyset in its place would make every secret sealed
// with the old one unreadable for ever.
func Open(path string) (*Sealer, error) {
	s, err := load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if err := create(path); err != nil {
		return nil, fmt.Errorf("seal: making the keyset file %s: %w", path, err)
	}
	return load(path)
}

func load(path string) (*Sealer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("seal: opening the keyset file: %w", err)
	}
	defer f.Close()
	// The open file is asked, not the path: what is checked is what is read.
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("seal: keyset file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("seal: keyset file %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); exposed(mode, lent(info)) {
		return nil, fmt.Errorf("seal: keyset file %s has mode %04o: group or others may use it; "+
			"the keys in it may be known to others already; if not, run: chmod 600 %s", path, mode, path)
	}
	json, err := io.ReadAll(io.LimitReader(f, maxKeyset+1))
	if err != nil {
		return nil, fmt.Errorf("seal: reading the keyset file: %w", err)
	}
	if len(json) > maxKeyset {
		return nil, fmt.Errorf("seal: keyset file %s: %w", path, ErrKeyset)
	}
	s, err := FromKeyset(json)
	if err != nil {
		return nil, fmt.Errorf("seal: keyset file %s: %w; it was not changed: restore it from a backup", path, err)
	}
	return s, nil
}

// exposed reports whether others than who is to use the keyset may use it. A file that is lent may be read by its group:
// there is no other way to lend one, and it is how Kubernetes mounts a secret for a process that is not root.
func exposed(mode fs.FileMode, lent bool) bool {
	if lent {
		return mode&0o037 != 0
	}
	return mode&0o077 != 0
}

// create makes the keyset file unless another process was first.
func create(path string) error {
	json, err := newKeyset()
	if err != nil {
		return err
	}
	return wholefile.Create(path, json)
}
