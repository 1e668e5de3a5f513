// Package wholefile writes small files that are there whole or not at all, whatever ends the process or the machine meanwhile:
// under a temporary name first, synced, then under their own, with the folder synced after that. All have mode 0600.
package wholefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// temporary begins what files are called until they are whole; their own name follows.
const temporary = ".onramp-"

// Replace makes content what the file at path holds. A crash leaves the old or the new.
func Replace(path string, content []byte) error {
	whole, err := write(path, content)
	if err != nil {
		return err
	}
	if err := os.Rename(whole, path); err != nil {
		return errors.Join(err, os.Remove(whole))
	}
	return SyncFolder(filepath.Dir(path))
}

// Create makes the file at path unless there is one: of several processes that do so at once one is first, and the others
// leave its file as it is. The name is linked, as a rename would put the last one's in place of what the first is using already.
func Create(path string, content []byte) error {
	whole, err := write(path, content)
	if err != nil {
		return err
	}
	linked := os.Link(whole, path)
	if errors.Is(linked, fs.ErrExist) {
		linked = nil
	}
	if err := errors.Join(linked, os.Remove(whole)); err != nil {
		return err
	}
	return SyncFolder(filepath.Dir(path)) // also who was not first: it may use the file before the first has synced
}

// write writes what is to be the file at path beside it, synced, and answers where. On an error there is no file.
func write(path string, content []byte) (whole string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), temporary+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// Sweep removes what a process that was killed was writing in folder. No other one may be writing there.
func Sweep(folder string) error {
	files, err := os.ReadDir(folder)
	for _, f := range files {
		if strings.HasPrefix(f.Name(), temporary) {
			err = errors.Join(err, os.Remove(filepath.Join(folder, f.Name())))
		}
	}
	return err
}

// SyncFolder has new names in a folder survive a loss of power.
func SyncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
