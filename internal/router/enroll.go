package router

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"onramp/internal/fabric/remote"
)

// Enroll makes a folder an agent's: it makes the keys, which never leave the machine, and uses the token up for a
// certificate. The token is its text, as onramp router token prints it. A folder that is enrolled already is enrolled anew and keeps its intent, if the token is of the same router.
// It answers the router's name.
func Enroll(ctx context.Context, path, token string) (string, error) {
	t, err := remote.ParseToken(token)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return "", fmt.Errorf("the folder %s has mode %04o, and others than its owner must not use it: run chmod 700 %s", path, mode, path)
	}
	f, err := takeFolder(path)
	if err != nil {
		return "", err
	}
	return t.Router(), errors.Join(f.enroll(ctx, t), f.Close())
}

func (f *Folder) enroll(ctx context.Context, t remote.Token) error {
	enrolled := f.about.Router != ""
	if err := f.become(t.Router()); err != nil {
		return err
	}
	key, csr, err := request()
	if err != nil {
		return err
	}
	grant, err := remote.Enroll(ctx, t, csr, f.public)
	if err != nil {
		if !enrolled { // nothing is left that looks like an agent
			err = errors.Join(err, os.Remove(filepath.Join(f.path, aboutFile)))
		}
		return fmt.Errorf("enrolling router %s: %w", t.Router(), err)
	}
	_, err = f.granted(key, grant)
	return err
}
