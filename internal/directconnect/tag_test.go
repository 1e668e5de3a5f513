package directconnect

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// tags makes n tags with keys of their own.
func tags(n int) []Tag {
	var all []Tag
	for i := range n {
		all = append(all, Tag{Key: fmt.Sprintf("key%d", i), Value: "v"})
	}
	return all
}

func TestCheckTags(t *testing.T) {
	t.Parallel()
	const tooMany = "You have reached the limit on the number of tags that can be assigned. The limit is 50 tags for each resource."
	for _, k := range []struct {
		name string
		tags []Tag
		kind Kind
		want string // "": accepted
	}{
		{"none", nil, 0, ""},
		{"no value", []Tag{{Key: "a"}}, 0, ""},
		{"every character", []Tag{{Key: "Kö 9_.:/=+-@", Value: "値 ½_.:/=+-@"}}, 0, ""},
		{"keys differ in case", []Tag{{Key: "a"}, {Key: "A"}}, 0, ""},
		{"50", tags(50), 0, ""},
		{"51", tags(51), TooManyTags, tooMany},
		{"twice", []Tag{{Key: "a", Value: "1"}, {Key: "b"}, {Key: "a", Value: "2"}}, DuplicateTagKeys, "A tag key was specified more than once: a"},
		{"no key", []Tag{{Value: "v"}}, Client, "Tag key must not be empty."},
		{"key of 128", []Tag{{Key: strings.Repeat("ß", 128)}}, 0, ""},
		{"key of 129", []Tag{{Key: strings.Repeat("ß", 129)}}, Client, "Tag key must be at most 128 characters long."},
		{"value of 256", []Tag{{Key: "a", Value: strings.Repeat("値", 256)}}, 0, ""},
		{"value of 257", []Tag{{Key: "a", Value: strings.Repeat("値", 257)}}, Client, "Tag value of key a must be at most 256 characters long."},
		{"key with a comma", []Tag{{Key: "a,b"}}, Client, "Tag key a,b contains invalid characters."},
		{"key with a line end", []Tag{{Key: "a\nb"}}, Client, "Tag key a\nb contains invalid characters."},
		{"value with a star", []Tag{{Key: "a", Value: "*"}}, Client, "Tag value of key a contains invalid characters."},
		{"value not UTF-8", []Tag{{Key: "a", Value: "\xff"}}, Client, "Tag value of key a contains invalid characters."},
		{"aws:", []Tag{{Key: "aws:x"}}, Client, "Tag key aws:x is not valid: keys that begin with aws: are reserved."},
		{"AWS:", []Tag{{Key: "AWS:x"}}, Client, "Tag key AWS:x is not valid: keys that begin with aws: are reserved."},
		{"aws without a colon", []Tag{{Key: "awsx"}}, 0, ""},
		{"aws: as a value", []Tag{{Key: "x", Value: "aws:x"}}, 0, ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			err := CheckTags(k.tags)
			if k.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.Kind != k.kind || e.Message != k.want {
				t.Errorf("got %v, want kind %d %q", err, k.kind, k.want)
			}
		})
	}
}

func TestMergeTags(t *testing.T) {
	t.Parallel()
	have := []Tag{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}
	same(t, []Tag{{Key: "a", Value: "9"}, {Key: "b", Value: "2"}, {Key: "c"}},
		must(MergeTags(have, []Tag{{Key: "a", Value: "9"}, {Key: "c"}})))
	same(t, []Tag{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}, have) // what was given stays as it was
	if _, err := MergeTags(have, []Tag{{}}); err == nil {
		t.Error("a bad tag was merged")
	}
	same(t, tags(50), must(MergeTags(tags(50), tags(50)))) // full, but nothing new
	_, err := MergeTags(tags(50), []Tag{{Key: "one more"}})
	var e *Error
	if !errors.As(err, &e) || e.Kind != TooManyTags {
		t.Errorf("got %v, want TooManyTags", err)
	}
}

func TestRemoveTags(t *testing.T) {
	t.Parallel()
	have := tags(3)
	same(t, []Tag{{Key: "key1", Value: "v"}}, RemoveTags(have, []string{"key0", "key2", "never there"}))
	same(t, tags(3), have)
}
