package doctor

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/test/need"
)

// sound are situations for the runbooks whose reasons simulated routers do not bring about: what such a page would be about,
// as it should be. There the commands have something to show, and nothing to mend.
var sound = map[directconnect.Reason]func(w *ward) string{
	directconnect.ReasonPlanNotAccepted:  connected,
	directconnect.ReasonRouterDrift:      connected,
	directconnect.ReasonRouterGone:       connected,
	directconnect.ReasonNotConfigured:    connected,
	directconnect.ReasonNoCarrier:        connected,
	directconnect.ReasonNotReconciled:    connected,
	directconnect.ReasonNotBundled:       func(w *ward) string { _, members := w.lag(2, 1); return members[0] },
	directconnect.ReasonInterfacePending: attached,
	directconnect.ReasonBGPRefused:       attached,
	directconnect.ReasonBGPHoldTimer:     attached,
	directconnect.ReasonBGPNotification:  attached,
	directconnect.ReasonBGPDown:          attached,
}

func connected(w *ward) string { return w.connection(false) }
func attached(w *ward) string  { return w.private(w.connection(false), vgw) }

// elsewhere are commands for the router's machine: test/docs/machine pastes them there (docs/routers.md).
var elsewhere = []string{"onramp router plan", "onramp router plan --accept"}

// stays are the commands that mend nothing by themselves although they are under "How to fix it".
var stays = []string{
	"onramp doctor ", "onramp fault list", "onramp gateway show ", // looks
	"onramp maintenance change ", // the work goes on, for longer
	"onramp router token ",       // the agent is enrolled with it on the router (docs/routers.md)
	"onramp inventory apply ",    // of a router that is there
}

// before is what the customer does that a page then waits for.
var before = map[directconnect.Reason]func(w *ward, id string){
	directconnect.ReasonPrefixLimit: func(w *ward, id string) { w.script(id, directconnect.CustomerScript{Announce: many(2)}) },
}

// TestRunbooks types the commands of each reason's runbook, with the program as it is built, where doctor gives that reason.
// Each command under "How to fix it" has a situation of its own, and the reason is gone after it.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), need.Program(t, "go"), "build", "-o", filepath.Join(bin, "onramp"), "onramp/cmd/onramp")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building cmd/onramp: %v\n%s", err, out)
	}
	shown := map[directconnect.Reason]bool{}
	for name, c := range cases {
		reason := directconnect.Reason(name[strings.Index(name, ".")+1:])
		if reason == "well" {
			continue
		}
		shown[reason] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			book{bin, reason}.try(t, func(t *testing.T) (*ward, string) {
				w := open(t, c.pace, c.options)
				return w, c.cause(w)
			})
		})
	}
	for reason := range directconnect.Reasons {
		cause := sound[reason]
		if shown[reason] == (cause != nil) {
			t.Errorf("%s: there is to be a case or a sound situation", reason)
		}
		if cause == nil {
			continue
		}
		t.Run(string(reason), func(t *testing.T) {
			t.Parallel()
			book{bin, reason}.try(t, func(t *testing.T) (*ward, string) {
				w := open(t, directconnect.Instant, nil)
				return w, cause(w)
			})
		})
	}
}

// book is the runbook of a reason, and the folder of the program that its commands are of.
type book struct {
	bin    string
	reason directconnect.Reason
}

var (
	command = regexp.MustCompile("(?m)^    (onramp .*)$|`(onramp [^`]*)`")
	standIn = regexp.MustCompile(`\b(ID|INTERFACE|MEMBER|LAG|ROUTER|GATEWAY|MAINTENANCE|CODE|FILE)\b`)
	another = regexp.MustCompile(`\b[A-Z]{2,}\b`)
)

// commands are those under a heading, whether they stand alone or in a sentence.
func (b book) commands(t *testing.T, heading string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", b.reason.Runbook()))
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	part, _, _ = strings.Cut(part, "\n## ")
	for _, m := range command.FindAllStringSubmatch(part, -1) {
		if line := m[1] + m[2]; !slices.Contains(elsewhere, line) {
			found = append(found, line)
		}
	}
	return found
}

// try types the commands of a page. Each call of situation makes a server with the trouble, and answers what it is about.
func (b book) try(t *testing.T, situation func(*testing.T) (*ward, string)) {
	w, id := situation(t)
	checks := b.commands(t, "How to check")
	if len(checks) == 0 {
		t.Errorf("%s has no command to check with", b.reason.Runbook())
	}
	for _, line := range checks {
		b.run(w, id, line)
	}
	for _, line := range b.commands(t, "How to fix it") {
		w, id := situation(t)
		if prepare := before[b.reason]; prepare != nil {
			prepare(w, id)
		}
		b.run(w, id, line)
		w.Settle()
		mends := !slices.ContainsFunc(stays, func(s string) bool { return strings.HasPrefix(line+" ", s) })
		if d := w.diagnose(id); mends && !d.Well && d.Cause.Reason == b.reason {
			t.Errorf("after %q it is still so:\n%s", line, text(d))
		}
	}
}

func (w *ward) diagnose(id string) directconnect.Diagnosis {
	w.t.Helper()
	d, err := w.Operator().Diagnose(w.t.Context(), id)
	w.check(err)
	return d
}

// run types a command as the page has it, with what doctor names in place of ID. It has to succeed; doctor itself ends with 1
// where something is bad.
func (b book) run(w *ward, id, line string) {
	w.t.Helper()
	on := id
	if d := w.diagnose(id); !d.Well {
		on = d.Cause.On
	}
	typed := standIn.ReplaceAllStringFunc(line, func(name string) string { return w.named(name, on) })
	if name := another.FindString(standIn.ReplaceAllString(line, "")); name != "" {
		w.t.Errorf("%s: nobody knows what %s stands for", b.reason.Runbook(), name)
	}
	cmd := exec.CommandContext(w.t.Context(), need.Program(w.t, "bash"), "-c", typed)
	cmd.Dir = w.t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+cmd.Dir, "PATH="+b.bin+":"+os.Getenv("PATH"), "ONRAMP_OPERATOR="+w.OperatorURL, "ONRAMP_DATA="+w.Data)
	out, err := cmd.CombinedOutput()
	if bad := strings.Contains(string(out), " is not well: "); err != nil && !(bad && strings.HasPrefix(line, "onramp doctor ")) {
		w.t.Errorf("%s: %s: %v\n%s", b.reason.Runbook(), typed, err, strings.ReplaceAll(string(out), "onramp-router-1-", "[token] "))
	}
}

// named is what a stand-in of a page is in this situation.
func (w *ward) named(name, on string) string {
	w.t.Helper()
	ask, c := w.t.Context(), w.Operator()
	switch name {
	case "ID":
		return on
	case "GATEWAY":
		return vgw
	case "FILE":
		file := filepath.Join(w.t.TempDir(), "inventory.yaml")
		text, err := c.Inventory(ask)
		w.check(err)
		w.check(os.WriteFile(file, text, 0o600))
		return file
	case "MAINTENANCE":
		all, err := c.Maintenances(ask, nil)
		w.check(err)
		return all.Maintenances[0].ID
	case "INTERFACE":
		all, err := c.Interfaces(ask, nil)
		w.check(err)
		return all.Interfaces[0].ID
	case "LAG":
		all, err := c.LAGs(ask, nil)
		w.check(err)
		return all.LAGs[0].ID
	}
	all, err := c.Connections(ask, nil)
	w.check(err)
	first, err := c.Connection(ask, all.Connections[0].ID)
	w.check(err)
	return map[string]string{"MEMBER": first.ID, "ROUTER": first.Router, "CODE": first.LOACode}[name]
}
