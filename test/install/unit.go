package install

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long a service is waited for: the machine may be busy.
const patience = time.Minute

// Service is a unit that was started.
type Service struct {
	m       *Machine
	cmd     *exec.Cmd
	journal *journal
	ended   chan struct{}
	err     error // how it has ended
}

// Start starts a unit as systemd would: its command line, as its user, with its environment file, folder and umask. It is killed
// with the test unless it is stopped.
func (m *Machine) Start(unit string) *Service {
	m.t.Helper()
	says := m.unit(unit)
	state, mode := filepath.Join("/var/lib", says["StateDirectory"]), m.octal(says["StateDirectoryMode"])
	uid, gid := m.user(says["User"])
	if err := os.MkdirAll(m.path(state), mode); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Chown(m.path(state), int(uid), int(gid)); err != nil {
		m.t.Fatal(err)
	}
	// A shell, for the umask; then it is the program itself.
	s := &Service{m: m, cmd: m.command(says["User"], "/bin/sh", "-c", "umask "+says["UMask"]+" && exec "+says["ExecStart"]),
		journal: newJournal(), ended: make(chan struct{})}
	if file, optional := strings.CutPrefix(says["EnvironmentFile"], "-"); !optional || m.Has(file) {
		for line := range strings.Lines(m.Read(file)) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				s.cmd.Env = append(s.cmd.Env, line)
			}
		}
	}
	s.cmd.Stdout, s.cmd.Stderr = s.journal, s.journal
	if err := s.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	go func() {
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	m.t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // an error: it has ended
		<-s.ended
	})
	return s
}

// unit reads the directives of a unit that was installed.
func (m *Machine) unit(name string) map[string]string {
	m.t.Helper()
	says := map[string]string{}
	for line := range strings.Lines(m.Read("/usr/lib/systemd/system/" + name)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(key, "#") {
			says[key] = value
		}
	}
	for _, key := range []string{"ExecStart", "User", "StateDirectory", "StateDirectoryMode", "UMask"} {
		if says[key] == "" {
			m.t.Fatalf("%s does not say its %s", name, key)
		}
	}
	return says
}

func (m *Machine) octal(mode string) os.FileMode {
	m.t.Helper()
	n, err := strconv.ParseUint(mode, 8, 32)
	if err != nil {
		m.t.Fatal(err)
	}
	return os.FileMode(n)
}

// Await waits until the service has written what matches, and answers the match and its groups.
func (s *Service) Await(pattern string) []string {
	s.m.t.Helper()
	want, late := regexp.MustCompile(pattern), time.After(patience)
	for {
		more := s.journal.more()
		if found := want.FindStringSubmatch(s.Journal()); found != nil {
			return found
		}
		select {
		case <-more:
		case <-s.ended:
			s.m.t.Fatalf("it ended (%v) and had not said %s:\n%s", s.err, pattern, s.Journal())
		case <-late:
			s.m.t.Fatalf("it does not say %s:\n%s", pattern, s.Journal())
		}
	}
}

// Journal is all that the service has written.
func (s *Service) Journal() string { return s.journal.String() }

// Stop ends the service as systemctl stop does, and wants a clean end.
func (s *Service) Stop() {
	s.m.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.m.t.Fatal(err)
	}
	select {
	case <-s.ended:
		if s.err != nil {
			s.m.t.Errorf("it did not end well: %v\n%s", s.err, s.Journal())
		}
	case <-time.After(patience):
		s.m.t.Fatalf("it does not end:\n%s", s.Journal())
	}
}

// journal is what a service writes, in both of its outputs.
type journal struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // closed with the next write
}

func newJournal() *journal { return &journal{changed: make(chan struct{})} }

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.changed)
	j.changed = make(chan struct{})
	return j.text.Write(p)
}

// more is closed when there is more than now.
func (j *journal) more() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.changed
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
