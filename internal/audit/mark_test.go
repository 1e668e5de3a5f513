package audit

import (
	"strings"
	"testing"
)

func TestMark(t *testing.T) {
	t.Parallel()
	c := Checkpoint{Number: 7, Time: 1, Heads: []Head{{Chain: 0, First: 1, Last: 3, Hash: "x"}}}
	m, err := ParseMark(strings.ToUpper(c.Mark().String()))
	if err != nil || m.Number != 7 || m.Digest != c.Digest() {
		t.Errorf("read back: %v, %v", m, err)
	}
	if problem := m.Differs((Seals{c}).Of(m.Number), 7); problem != "" {
		t.Errorf("it is there, and %s", problem)
	}
	digest := strings.Repeat("a", 64)
	for _, text := range []string{"", "7", ":" + digest, "7:", "0:" + digest, "-1:" + digest, "7:" + digest[1:], "7:" + digest + "a", "7:g" + digest[1:], "x:" + digest, "7 " + digest} {
		if m, err := ParseMark(text); err == nil {
			t.Errorf("%q is %v", text, m)
		}
	}
	for want, m := range map[string]Mark{"is missing: the trail goes up to checkpoint 7": {Number: 8, Digest: c.Digest()}, "is another": {Number: 7, Digest: digest}} {
		if problem := m.Differs((Seals{c}).Of(m.Number), 7); !strings.HasPrefix(problem, want) {
			t.Errorf("%v: %q, want %s", m, problem, want)
		}
	}
	if problem := m.Differs(Seals{}.Of(m.Number), 0); problem != "is missing: the trail goes up to checkpoint 0" {
		t.Errorf("of an empty trail: %s", problem)
	}
}
