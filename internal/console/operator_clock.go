package console

import (
	"context"
	"fmt"
	"strings"
	"time"
)

func clockRoutes() []route {
	return []route{
		sheetPage(clockPath, clockPath, clockSheet),
		sheetAction(clockPath, clockPath, "advance", func(v *visit, in *input) (string, string, error) {
			return clockPath, "turned", move(v, "", func(ctx context.Context) error { return turnClock(ctx, v, in) })
		}, clockSheet),
	}
}

// maxDays bounds one turn of the clock: everything that comes due on the way is done.
const maxDays = 366

func turnClock(ctx context.Context, v *visit, in *input) error {
	days, hours, minutes := in.int64("days", "Days"), in.int64("hours", "Hours"), in.int64("minutes", "Minutes")
	if err := in.problem(); err != nil {
		return err
	}
	for _, n := range []*int64{days, hours, minutes} {
		if value(n) < 0 || value(n) > maxDays*24*60 {
			return badRequest("The clock is turned forward, by %d days at most.", maxDays)
		}
	}
	by := time.Duration(value(days))*24*time.Hour + time.Duration(value(hours))*time.Hour + time.Duration(value(minutes))*time.Minute
	switch {
	case by <= 0:
		return badRequest("Say by how much the clock is turned.")
	case by > maxDays*24*time.Hour:
		return badRequest("The clock is turned forward, by %d days at most.", maxDays)
	case v.console.Settle == nil:
		return v.console.Clock.Advance(ctx, by)
	}
	if err := v.console.Clock.Turn(ctx, by, v.console.Settle); err != nil {
		return err
	}
	v.console.Service.Wake()
	return nil
}

func clockSheet(v *visit, t *tried) (*sheet, error) {
	c := v.console.Clock
	return &sheet{
		Title: "Clock", Lead: "The time that orders and links live by. In simulation it can be turned forward: what comes due on the way is done when it is due. It never goes back.",
		Live: []section{{ID: "facts", Facts: []fact{knownText("Time here", when(c.Now())), knownText("Ahead of the real time by", ahead(c.Offset()))}}},
		Sections: []section{{ID: "turn", Title: "Turn it forward", Forms: []form{v.form(t, form{ID: "advance", Action: clockPath, Submit: "Turn the clock", Fields: []field{
			numberField("days", "Days", "", 0, maxDays), numberField("hours", "Hours", "", 0, 0), numberField("minutes", "Minutes", "", 0, 0),
		}})}}},
	}, nil
}

// ahead is a duration with its days.
func ahead(d time.Duration) string {
	if d == 0 {
		return "nothing"
	}
	days := int64(d / (24 * time.Hour))
	rest := (d - time.Duration(days)*24*time.Hour).Round(time.Second)
	text := ""
	if days > 0 {
		text = plural(int(days), "day", "days")
	}
	if rest > 0 {
		text = strings.TrimSpace(text + " " + fmt.Sprint(rest))
	}
	return text
}
