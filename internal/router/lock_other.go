//go:build !unix

package router

import (
	"errors"
	"os"
)

// lock: there is no agent here.
func lock(string) (*os.File, error) {
	return nil, errors.New("an agent runs on Unix systems only")
}

// unlock has nothing to let go of.
func unlock(*os.File) error { return nil }
