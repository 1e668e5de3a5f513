package postgres

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// portInUse is what the server says when another process took the port
// between our finding it free and the server's binding it.
var portInUse = regexp.MustCompile(`could not bind IPv4 address`)

// open sets up a new cluster and starts it: a whole new one, on another port,
// if its port was taken meanwhile.
func open(s settings) (*Cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	const attempts = 5
	for attempt := 1; ; attempt++ {
		c, err := openOnce(programs, s)
		if err == nil || attempt == attempts || !portInUse.MatchString(err.Error()) {
			return c, err
		}
	}
}

func openOnce(p programs, s settings) (*Cluster, error) {
	folder, err := os.MkdirTemp(reachableTemp(), "onramp-pg-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{folder: folder, password: rand.Text()}
	if err = c.initialise(p); err == nil {
		c.port, err = freePort()
	}
	if err == nil {
		c.server, err = startServer(p, c.folder, c.arguments(s))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return c, nil
}

// initialise makes the data folder. The password travels in a file, as a
// process's arguments are there for everyone to read.
func (c *Cluster) initialise(p programs) error {
	passwordFile := filepath.Join(c.folder, "password")
	if err := os.WriteFile(passwordFile, []byte(c.password+"\n"), 0o600); err != nil {
		return err
	}
	if err := p.owner.own(c.folder, passwordFile); err != nil {
		return err
	}
	defer os.Remove(passwordFile)
	args := []string{"--pgdata=" + c.data(), "--username=" + superuser, "--pwfile=" + passwordFile,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"}
	if p.version >= 15 { // the first whose databases may have an ICU collation by default
		args = append(args, "--locale-provider=icu", "--icu-locale=en-US")
	}
	cmd := exec.Command(p.initdb, args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = c.folder, environment(), p.owner.attributes()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out))
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }

// arguments are those of the server program. log_min_messages leaves out the
// errors of statements: tests provoke thousands, and none of them is news.
func (c *Cluster) arguments(s settings) []string {
	options := []string{
		"listen_addresses=127.0.0.1",
		"port=" + strconv.Itoa(c.port),
		"unix_socket_directories=" + c.folder,
		"max_connections=200",
		"log_destination=stderr",
		"logging_collector=off",
		"log_min_messages=log",
		"lc_messages=C",
		"jit=off",
	}
	if !s.fsync {
		options = append(options, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", c.data()}
	for _, option := range options {
		args = append(args, "-c", option)
	}
	return args
}

// freePort returns a loopback port that was free a moment ago.
func freePort() (int, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
