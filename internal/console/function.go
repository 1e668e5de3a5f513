package console

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"time"

	"onramp/internal/console/diagram"
)

// functions are what templates may call beside the methods of what they are given.
var functions = template.FuncMap{
	"text": text, "dash": dash, "when": when, "day": day, "clock": clock, "well": well, "dict": dict, "lower": strings.ToLower, "join": strings.Join,
	"plural": plural, "asset": assetPath, "thousands": diagram.Thousands, "add": func(a, b int) int { return a + b },
}

// text is a value of the wire: what a pointer points to, and nothing for nil.
func text(v any) string {
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer || r.Kind() == reflect.Interface {
		if r.IsNil() {
			return ""
		}
		r = r.Elem()
	}
	if !r.IsValid() {
		return ""
	}
	if t, ok := r.Interface().(time.Time); ok {
		return when(t)
	}
	return fmt.Sprint(r.Interface())
}

// dash is text, with a dash for nothing.
func dash(v any) string {
	if s := text(v); s != "" {
		return s
	}
	return "–"
}

// when is a time in UTC to the second; nothing for none.
func when(v any) string { return stamp(v, "2006-01-02 15:04:05 UTC") }

// day is a date in UTC.
func day(v any) string { return stamp(v, time.DateOnly) }

// clock is a time as machines read it, for <time datetime>.
func clock(v any) string { return stamp(v, time.RFC3339) }

func stamp(v any, layout string) string {
	if p, ok := v.(*time.Time); ok {
		if p == nil {
			return ""
		}
		v = *p
	}
	t, ok := v.(time.Time)
	if !ok || t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

// The states of everything, by how they are: well, under way, or bad. What is in none is over or neutral.
var (
	goodStates = []string{"available", "up", "ok", "attached", "associated", "connected", "issued", "accepted", "encrypted", "lit", "active", "current", "completed"}
	busyStates = []string{"ordering", "requested", "pending", "verifying", "confirming", "testing", "updating", "deleting", "attaching", "detaching",
		"associating", "disassociating", "pendingacceptance", "idle", "connect", "reserved", "waiting", "planned", "in_progress", "in-progress", "inprogress", "draining"}
	badStates = []string{"down", "falls short", "failed", "rejected", "encryption down", "dark", "error", "refused", "cut", "bad", "faulty", "lapsed", "revoked", "blocked"}
)

// well sorts a state into good, busy, bad or over: the class that it is coloured by. The state is always written beside.
func well(state any) string {
	s := strings.ToLower(text(state))
	switch {
	case slices.Contains(goodStates, s):
		return "good"
	case slices.Contains(busyStates, s):
		return "busy"
	case slices.Contains(badStates, s):
		return "bad"
	}
	return "over"
}

// dict makes a map of pairs, to give several values to a part.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values are no pairs", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no text", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// plural is a number with its noun: 1 port, 2 ports.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
