package console

import (
	"crypto/rand"
	"crypto/sha256"
	"net/url"
	"sync"
	"time"

	"onramp/internal/controlplane"
)

// onceLast is how long a login link can be used.
const onceLast = 10 * time.Minute

// onceLinks are the links that let an operator in once.
type onceLinks struct {
	mu   sync.Mutex
	ends map[[sha256.Size]byte]time.Time // by the hash of the code
}

func newOnceLinks() *onceLinks { return &onceLinks{ends: map[[sha256.Size]byte]time.Time{}} }

// OnceLink makes the path of a link that lets whoever opens it on this machine in as operator, once and within ten minutes.
func (s *Console) OnceLink() string {
	code := rand.Text()
	s.once.mu.Lock()
	defer s.once.mu.Unlock()
	s.once.ends[sha256.Sum256([]byte(code))] = s.Now().Add(onceLast)
	return "/console/login/once?code=" + url.QueryEscape(code)
}

// take uses a code up.
func (o *onceLinks) take(code string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	hash := sha256.Sum256([]byte(code))
	end, ok := o.ends[hash]
	delete(o.ends, hash)
	return ok && now.Before(end)
}

// errOnce is the answer to a link that does not work, for whatever reason.
var errOnce = forbidden("This link lets in nobody: it works once, within ten minutes of the start, and on the machine of the server only. Log in with the operator token.")

// oncePage asks before the code is used up, so that nothing that only looks at links uses it.
func (s *Console) oncePage(v *visit) (answer, error) {
	if v.Who.Operator {
		return redirect(s.home(v.Who)), nil
	}
	return page{template: "once.html", title: "Log in as operator", data: v.URL.Query().Get("code")}, nil
}

func (s *Console) enterOnce(v *visit) (answer, error) {
	if !v.fromThisMachine() {
		s.refusedFreely(v, controlplane.ConsoleProof{}, errOnce)
		return nil, errOnce
	}
	if !s.once.take(v.PostFormValue("code"), s.Now()) {
		s.refusedFreely(v, controlplane.ConsoleProof{}, errOnce)
		return nil, errOnce
	}
	return s.begin(v, controlplane.ConsoleSession{Operator: true})
}
