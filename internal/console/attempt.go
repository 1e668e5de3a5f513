package console

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// How often somebody may guess: so many times at once, and then once in a while; for each user, and for each address.
const (
	freeAttempts    = 5
	freeFromAddress = 20
	attemptEvery    = 15 * time.Second
	maxRemembered   = 20_000
)

// attempts slows down who tries passwords. It is this server's memory: after a restart everybody begins anew.
type attempts struct {
	mu   sync.Mutex
	used map[string]bucket
}

// bucket holds attempts that were made, of which one is forgotten every attemptEvery.
type bucket struct {
	made float64
	at   time.Time
}

func newAttempts() *attempts { return &attempts{used: map[string]bucket{}} }

func (b bucket) left(now time.Time) float64 {
	return max(0, b.made-now.Sub(b.at).Seconds()/attemptEvery.Seconds())
}

// begin counts an attempt to log in as a user from an address. It answers how long to wait if there were too many; then the
// attempt must not be made, and does not count.
func (a *attempts) begin(user, address string, now time.Time) (wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.used) >= maxRemembered {
		a.sweep(now)
	}
	of, from := a.used["user "+user], a.used["address "+address]
	over := max(of.left(now)+1-freeAttempts, from.left(now)+1-freeFromAddress)
	if over > 0 {
		return time.Duration(over * float64(attemptEvery)).Round(time.Second)
	}
	a.used["user "+user] = bucket{of.left(now) + 1, now}
	a.used["address "+address] = bucket{from.left(now) + 1, now}
	return 0
}

// succeeded forgets the attempts for a user who has proved to be it, and of those from the address this one: who has a password
// must not be able to try others' the faster.
func (a *attempts) succeeded(user, address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.used, "user "+user)
	if from, ok := a.used["address "+address]; ok {
		from.made = max(0, from.made-1)
		a.used["address "+address] = from
	}
}

// tells counts a refusal from an address that no attempt is counted of, and reports whether it is to be recorded.
func (a *attempts) tells(address string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.used) >= maxRemembered {
		a.sweep(now)
	}
	told := a.used["told "+address]
	if told.left(now)+1 > freeFromAddress {
		return false
	}
	a.used["told "+address] = bucket{told.left(now) + 1, now}
	return true
}

// sweep makes room: what has been forgiven goes, and if that is not enough, whatever comes first.
func (a *attempts) sweep(now time.Time) {
	for key, b := range a.used {
		if b.left(now) == 0 {
			delete(a.used, key)
		}
	}
	for key := range a.used {
		if len(a.used) <= maxRemembered/2 {
			return
		}
		delete(a.used, key)
	}
}

func tooMany(wait time.Duration) *problem {
	return &problem{http.StatusTooManyRequests, fmt.Sprintf("There were too many attempts. Try again in %d seconds.", max(1, int(wait.Seconds())))}
}
