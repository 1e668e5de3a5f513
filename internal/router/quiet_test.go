package router

import (
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric/remote"
)

// A control plane that has nothing to say keeps its link for longer than it gives a word to get through.
func TestQuiet(t *testing.T) {
	t.Parallel()
	const silence = 300 * time.Millisecond
	b := newLab(t, 1, func(c *remote.Config) { c.Silence = silence })
	r := b.router("r1")
	r.restart(Config{Accepted: true, Beat: 20 * time.Millisecond})
	const gone = "a router's agent has gone"
	before, begun := strings.Count(b.log.String(), gone), time.Now()
	await(t, "some time goes by", func() bool { return time.Since(begun) > 4*silence })
	if strings.Count(b.log.String(), gone) > before || !b.servers[0].Connected("r1") {
		t.Errorf("the link did not last:\n%s", b.log.String())
	}
}
