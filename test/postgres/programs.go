package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"

	"onramp/test/need"
)

// missingError says that PostgreSQL is not installed, as opposed to broken.
type missingError string

func (e missingError) Error() string { return string(e) }

// programs are the parts of one PostgreSQL installation.
type programs struct {
	initdb   string
	postgres string
	version  int // major
	owner    owner
}

var majorVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// findPrograms finds an installation whose initdb and postgres lie in one
// folder: two of different versions do not work together.
func findPrograms() (programs, error) {
	for _, name := range []string{"initdb", "postgres"} {
		path, ok := need.Find(name)
		if !ok {
			continue
		}
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		folder := filepath.Dir(path)
		p := programs{initdb: filepath.Join(folder, "initdb"), postgres: filepath.Join(folder, "postgres")}
		if !exists(p.initdb) || !exists(p.postgres) {
			continue
		}
		out, err := exec.Command(p.postgres, "--version").Output()
		if err != nil {
			return programs{}, fmt.Errorf("%s --version: %w", p.postgres, err)
		}
		if match := majorVersion.FindSubmatch(out); match != nil {
			p.version, _ = strconv.Atoi(string(match[1])) // digits, by the pattern
		}
		p.owner, err = unprivileged()
		return p, err
	}
	return programs{}, missingError("PostgreSQL's server programs initdb and postgres (Debian package postgresql)")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// owner is the user whom the server runs as: nil credential for this
// process's own user.
type owner struct{ credential *syscall.Credential }

// unprivileged returns the user for the server. PostgreSQL refuses to run as
// root, so under root it is the user postgres, or nobody.
func unprivileged() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return owner{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
		}
	}
	return owner{}, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

// own gives the files to the user.
func (o owner) own(paths ...string) error {
	if o.credential == nil {
		return nil
	}
	for _, path := range paths {
		if err := os.Chown(path, int(o.credential.Uid), int(o.credential.Gid)); err != nil {
			return err
		}
	}
	return nil
}

// attributes start a process as the user and in a process group of its own, so
// that an interrupt typed at the terminal reaches the test process alone.
func (o owner) attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: o.credential, Setpgid: true}
}

// reachableTemp returns a folder for temporary files that every user may pass
// through and whose name is short enough for a Unix socket (107 bytes on
// Linux, 103 on macOS): the system's choice if that serves, or else /tmp.
func reachableTemp() string {
	folder := os.TempDir()
	if len(folder) > 60 {
		return "/tmp"
	}
	for at := folder; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil || os.Geteuid() == 0 && info.Mode().Perm()&0o001 == 0 {
			return "/tmp"
		}
		if at == filepath.Dir(at) {
			return folder
		}
	}
}

// environment is all that the server gets of this process's variables: PG*
// variables of a developer's shell must not reach it.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
}
