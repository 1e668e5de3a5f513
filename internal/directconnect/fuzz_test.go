package directconnect

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzShortID(f *testing.F) {
	f.Add(uint64(0))
	f.Add(^uint64(0))
	f.Fuzz(func(t *testing.T, random uint64) {
		c, g := ShortID(ConnectionPrefix, random), ShortID(LAGPrefix, random)
		if !band.MatchString(c) || !band.MatchString(g) || CheckConnectionID(c) != nil || CheckLAGID(g) != nil {
			t.Fatalf("%d gives %s and %s", random, c, g)
		}
	})
}

// FuzzParseARN: what is taken prints again as it came, but for an account that was left out.
func FuzzParseARN(f *testing.F) {
	f.Add("arn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-fg31dyv6", "us-east-1")
	f.Add("arn:aws:directconnect:us-east-1::dxlag/dxlag-ffjhj9lx", "us-east-1")
	f.Add("arn:aws-cn:directconnect::111111111111:dx-gateway/a:b/c", "cn-north-1")
	f.Fuzz(func(t *testing.T, s, region string) {
		a, err := ParseARN(s, customer, region)
		if err != nil {
			if a != (ARN{}) {
				t.Fatalf("%q was refused, yet gives %+v", s, a)
			}
			return
		}
		if again := a.String(); again != s && again != strings.Replace(s, "::"+a.Type+"/", ":"+customer+":"+a.Type+"/", 1) {
			t.Fatalf("%q prints as %q", s, again)
		}
		if back, err := ParseARN(a.String(), stranger, region); err != nil || back != a {
			t.Fatalf("%q reads as %+v, printed and read again as %+v, %v", s, a, back, err)
		}
	})
}

// FuzzCheckTags: two tags that are taken are within the bounds, and merging and removing them keeps the rules.
func FuzzCheckTags(f *testing.F) {
	f.Add("env", "prod", "team", "")
	f.Add("a", "", "a", "")
	f.Add("aws:x", "y", "é", "\xff")
	f.Fuzz(func(t *testing.T, key, value, key2, value2 string) {
		pair := []Tag{{key, value}, {key2, value2}}
		if CheckTags(pair) != nil {
			return
		}
		for _, tag := range pair {
			if n := utf8.RuneCountInString(tag.Key); n < 1 || n > 128 || utf8.RuneCountInString(tag.Value) > 256 ||
				!utf8.ValidString(tag.Key+tag.Value) || strings.ContainsAny(tag.Key+tag.Value, "\x00\t\n,;\"'<>{}") {
				t.Fatalf("taken: %q", tag)
			}
		}
		merged, err := MergeTags(pair, pair[1:])
		if err != nil || len(merged) != 2 {
			t.Fatalf("merging its own tag: %q, %v", merged, err)
		}
		if left := RemoveTags(merged, []string{key}); len(left) != 1 || left[0] != pair[1] {
			t.Fatalf("left %q", left)
		}
	})
}

// FuzzBandwidth: what counts as a capacity is written in its one way.
func FuzzBandwidth(f *testing.F) {
	f.Add("10Gbps")
	f.Add("050Mbps")
	f.Fuzz(func(t *testing.T, s string) {
		b := Bandwidth(s)
		n := b.Mbps()
		if n < 0 || ((b.IsPort() || b.IsHosted()) && n == 0) {
			t.Fatalf("%q is %d Mbps", s, n)
		}
		if n > 0 && s != fmt.Sprintf("%dMbps", n) && s != fmt.Sprintf("%dGbps", n/1000) {
			t.Fatalf("%q passes for %d Mbps", s, n)
		}
	})
}
