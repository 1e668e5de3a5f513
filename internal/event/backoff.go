package event

import (
	"math/rand/v2"
	"time"
)

// Between attempts.
const (
	firstPause = 5 * time.Second
	lastPause  = 6 * time.Hour
)

// Backoff is how long to wait after so many attempts, one or more, have failed: five seconds, three times as long each
// time, six hours at most, and up to a fifth more or less, so that what failed at once is not repeated at once.
func Backoff(attempts int) time.Duration {
	pause := firstPause
	for n := 1; n < attempts && pause < lastPause; n++ {
		pause *= 3
	}
	pause = min(pause, lastPause)
	return pause - pause/5 + rand.N(2*pause/5)
}
