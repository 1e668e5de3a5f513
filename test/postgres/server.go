package postgres

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// keeper is the shell program between this process and the server. It is used
// for every stop, the ordinary one included, so that the path that must work
// when a test process is killed is walked by every test.
//
//go:embed keeper.sh
var keeper string

// ready is what the server logs when it accepts connections; lc_messages=C
// keeps it in English.
const ready = "database system is ready to accept connections"

// Starting a server takes a fraction of a second and stopping it less; these
// are for a machine that is busy with something else.
const (
	startLimit = 2 * time.Minute
	stopLimit  = time.Minute
)

// A server is a running keeper and, under it, the PostgreSQL server.
type server struct {
	keeper *exec.Cmd
	hold   io.Closer     // the keeper stops when this is closed
	logEnd chan struct{} // closed when nobody writes the server's log any more
}

// startServer starts the server and returns when it accepts connections. An
// error holds the server's own last words.
func startServer(p programs, folder string, arguments []string) (*server, error) {
	logReader, logWriter, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer logWriter.Close()
	cmd := exec.Command("/bin/sh", append([]string{"-c", keeper, "keeper", folder, p.postgres}, arguments...)...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = folder, environment(), p.owner.attributes()
	cmd.ExtraFiles = []*os.File{logWriter} // descriptor 3
	hold, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		logReader.Close()
		return nil, err
	}
	s := &server{keeper: cmd, hold: hold, logEnd: make(chan struct{})}
	started := make(chan error, 1)
	go s.read(logReader, started)
	logWriter.Close() // so that the log ends with the server

	select {
	case err = <-started:
	case <-time.After(startLimit):
		err = fmt.Errorf("not ready after %s", startLimit)
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// read drains the server's log for as long as it runs, so that the server
// never waits for a reader, and sends on started exactly once.
func (s *server) read(log io.ReadCloser, started chan<- error) {
	defer close(s.logEnd)
	defer log.Close()
	var said []string
	waiting := true
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if !waiting {
			continue
		}
		said = append(said, lines.Text())
		if strings.HasSuffix(lines.Text(), ready) {
			waiting = false
			started <- nil
		}
	}
	if err := lines.Err(); err != nil { // a line too long to scan: the rest still has to go somewhere
		_, _ = io.Copy(io.Discard, log)
	}
	if waiting {
		started <- fmt.Errorf("the server ended before it was ready:\n%s", strings.Join(said, "\n"))
	}
}

// stop lets go of the keeper and waits until the server is gone.
func (s *server) stop() error {
	if err := s.hold.Close(); err != nil {
		return err
	}
	gone := make(chan error, 1)
	go func() {
		<-s.logEnd
		gone <- s.keeper.Wait()
	}()
	select {
	case err := <-gone:
		return err
	case <-time.After(stopLimit):
		return fmt.Errorf("still running after %s (process group %d)", stopLimit, s.keeper.Process.Pid)
	}
}
