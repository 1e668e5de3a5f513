package daemon

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"onramp/internal/wholefile"
)

// TokenFile is the file of the operator token in a data folder.
func TokenFile(data string) string { return filepath.Join(data, "operator-token") }

// operatorToken is the configured token, or that of the data folder, where one is made at the first start.
func operatorToken(c Config) (string, error) {
	if c.OperatorToken != "" {
		return c.OperatorToken, nil
	}
	file := TokenFile(c.Data)
	token, err := ReadToken(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return token, err
	}
	if err := wholefile.Create(file, fmt.Appendf(nil, "%s%s\n", rand.Text(), rand.Text())); err != nil {
		return "", fmt.Errorf("making the operator token: %w", err)
	}
	return ReadToken(file)
}

// ReadToken reads a token file, which only its owner may read.
func ReadToken(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("operator token: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("operator token: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return "", fmt.Errorf("operator token: %s has mode %04o, so others may know it: remove the file to have a new one made at the next start", file, mode)
	}
	text := make([]byte, 1024)
	n, err := f.Read(text)
	token := string(bytes.TrimSpace(text[:n]))
	if err != nil || len(token) < minToken {
		return "", fmt.Errorf("operator token: %s does not hold one of %d characters or more: remove the file to have a new one made at the next start", file, minToken)
	}
	return token, nil
}
