package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"onramp/internal/seal"
)

// TestMain lets the test binary stand in for a server that starts: see
// TestProcessesStartAtOnce.
func TestMain(m *testing.M) {
	path := os.Getenv("SEAL_TEST_KEYSET")
	if path == "" {
		os.Exit(m.Run())
	}
	s, err := seal.Open(path)
	if err == nil {
		var sealed string
		if sealed, err = s.Seal([]byte("secret"), "x"); err == nil {
			fmt.Println(sealed)
			os.Exit(0)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the folder holds %v", entries)
	}
}

func TestFirstStartMakesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	sealed := mustSeal(t, open(t, path), "secret", "x")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	onlyFile(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, path).Open(sealed, "x"); err != nil || string(got) != "secret" {
		t.Errorf("after a restart: %q, %v", got, err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the second start changed the file (%v)", err)
	}
	if s, err := seal.FromKeyset(before); err != nil {
		t.Errorf("the file's content as an operator's keyset: %v", err)
	} else if _, err := s.Open(sealed, "x"); err != nil {
		t.Error(err)
	}
}

func TestModeIsChecked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	open(t, path)
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o610, 0o644, 0o666, 0o660} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := seal.Open(path)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("mode %04o", mode)) || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("mode %o: %v", mode, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("mode %o was changed (%v)", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	open(t, path)
}

func TestDamagedFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	good := keysetFile(t)
	for name, content := range map[string][]byte{
		"empty": {}, "half": good[:len(good)/2], "zeros": make([]byte, len(good)), "too large": bytes.Repeat([]byte(" "), 1<<20+1),
		"key cut": bytes.Replace(good, []byte(`"value":"`), []byte(`"value":"AAAA`), 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "keyset.json")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := seal.Open(path)
			if !errors.Is(err, seal.ErrKeyset) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(content, after) {
				t.Errorf("the file was changed (%v)", err)
			}
			onlyFile(t, path)
		})
	}
}

func keysetFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyset.json")
	open(t, path)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestNotAFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, err := seal.Open(folder); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := seal.Open(filepath.Join(folder, "missing", "keyset.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a folder that does not exist: %v", err)
	}
	dangling := filepath.Join(folder, "dangling")
	if err := os.Symlink(filepath.Join(folder, "nowhere"), dangling); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(dangling); err == nil {
		t.Error("a dangling link was taken for a keyset")
	}
}

// TestOpensAtOnce: however many start together in an empty folder, they end up
// with one keyset.
func TestOpensAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		path := filepath.Join(t.TempDir(), "keyset.json")
		texts := make([]string, 8)
		var wait sync.WaitGroup
		start := make(chan struct{})
		for i := range texts {
			wait.Go(func() {
				<-start
				s, err := seal.Open(path)
				if err == nil {
					texts[i], err = s.Seal([]byte("secret"), "x")
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		wait.Wait()
		openAll(t, path, texts)
	}
}

// TestProcessesStartAtOnce is the same with processes of their own.
func TestProcessesStartAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	texts := make([]string, 6)
	var wait sync.WaitGroup
	for i := range texts {
		wait.Go(func() {
			server := exec.CommandContext(t.Context(), os.Args[0])
			server.Env = append(os.Environ(), "SEAL_TEST_KEYSET="+path)
			var failure strings.Builder
			server.Stderr = &failure
			out, err := server.Output()
			if err != nil {
				t.Errorf("%v: %s", err, failure.String())
			}
			texts[i] = strings.TrimSpace(string(out))
		})
	}
	wait.Wait()
	openAll(t, path, texts)
}

func openAll(t *testing.T, path string, texts []string) {
	t.Helper()
	s := open(t, path)
	for i, text := range texts {
		if got, err := s.Open(text, "x"); err != nil || string(got) != "secret" {
			t.Errorf("the text of starter %d: %q, %v", i, got, err)
		}
	}
	onlyFile(t, path)
}
