package main

import (
	"regexp"
	"testing"
)

func TestAgent(t *testing.T) {
	t.Parallel()
	if got := agent(); !regexp.MustCompile(`^onramp/[^ ()/]+ \([a-z0-9]+; [^ ()@]+@[^ ()@]+\)$`).MatchString(got) {
		t.Errorf("agent %q", got)
	}
	for text, want := range map[string]string{"(devel)": "devel", "ann\r\nX-A: b": "annX-A:b", "DESK\\ann": "DESK\\ann", "müller": "mller", "a@b (c)": "abc"} {
		if got := plainWord(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
