package operator

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ClockChange is how far the clock is to be turned forward, as ParseDuration reads it.
type ClockChange struct {
	Advance string `json:"advance" audit:"yes"`
}

func (a *api) clockRoutes() []route {
	return []route{
		{pattern: "GET /v1/clock", summary: "Show the time that orders and links live by.", out: Clock{}, handle: a.showClock},
		{
			pattern: "POST /v1/clock", summary: "Turn the clock of a simulated installation forward, and do what that makes due.",
			in: ClockChange{}, out: Clock{}, handle: a.advanceClock,
		},
	}
}

func (a *api) showClock(context.Context, *http.Request) (any, error) { return a.clock(), nil }

func (a *api) clock() Clock {
	return Clock{Now: a.Clock.Now(), Offset: a.Clock.Offset().String(), Simulated: a.Clock.Simulated()}
}

// advanceClock turns the clock and answers when what that made due has been done.
func (a *api) advanceClock(ctx context.Context, r *http.Request) (any, error) {
	var in ClockChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	d, err := ParseDuration(in.Advance)
	if err != nil {
		return nil, problem(http.StatusBadRequest, "%v", err)
	}
	if a.Settle == nil {
		err = a.Clock.Advance(ctx, d)
	} else {
		err = a.Clock.Turn(ctx, d, a.Settle)
	}
	if err != nil {
		return nil, err
	}
	a.Service.Wake()
	return a.clock(), nil
}

// ParseDuration reads a duration as time.ParseDuration does, with days before: "72h", "3d", "3d12h".
func ParseDuration(s string) (time.Duration, error) {
	invalid := fmt.Errorf("%q is not a duration such as 90s, 72h or 3d12h", s)
	rest, days := s, int64(0)
	if before, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseUint(before, 10, 16)
		if err != nil {
			return 0, invalid
		}
		rest, days = after, int64(n)
		if rest == "" {
			rest = "0"
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return 0, invalid
	}
	return time.Duration(days)*24*time.Hour + d, nil
}
