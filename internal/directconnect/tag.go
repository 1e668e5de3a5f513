package directconnect

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxTags is how many tags a resource may have (API reference, TagResource).
const MaxTags = 50

const (
	maxTagKey   = 128
	maxTagValue = 256
)

// Tag is a key and a value on a resource.
type Tag struct {
	Key   string `json:"k"`
	Value string `json:"v,omitempty"`
}

// CheckTags refuses tags that break a rule of the API reference (type Tag): key 1 to 128 characters, value up to 256, both
// of letters, digits, blanks and _ . : / = + - @, no key that begins with aws:, no key twice, at most 50.
func CheckTags(tags []Tag) error {
	if len(tags) > MaxTags {
		return tooManyTags()
	}
	for i, t := range tags {
		if err := checkTag(t); err != nil {
			return err
		}
		if slices.ContainsFunc(tags[:i], func(o Tag) bool { return o.Key == t.Key }) {
			return &Error{Kind: DuplicateTagKeys, Message: "A tag key was specified more than once: " + t.Key}
		}
	}
	return nil
}

func tooManyTags() *Error {
	return &Error{Kind: TooManyTags, Message: "You have reached the limit on the number of tags that can be assigned. The limit is 50 tags for each resource."}
}

func checkTag(t Tag) error {
	switch {
	case t.Key == "":
		return Clientf("Tag key must not be empty.")
	case utf8.RuneCountInString(t.Key) > maxTagKey:
		return Clientf("Tag key must be at most %d characters long.", maxTagKey)
	case utf8.RuneCountInString(t.Value) > maxTagValue:
		return Clientf("Tag value of key %s must be at most %d characters long.", t.Key, maxTagValue)
	case !isTagText(t.Key):
		return Clientf("Tag key %s contains invalid characters.", t.Key)
	case !isTagText(t.Value):
		return Clientf("Tag value of key %s contains invalid characters.", t.Key)
	case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
		return Clientf("Tag key %s is not valid: keys that begin with aws: are reserved.", t.Key)
	}
	return nil
}

func isTagText(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.L, unicode.Z, unicode.N) && !strings.ContainsRune("_.:/=+-@", r) {
			return false
		}
	}
	return true
}

// MergeTags answers have with add laid over it: an existing key keeps its place and takes the new value.
func MergeTags(have, add []Tag) ([]Tag, error) {
	if err := CheckTags(add); err != nil {
		return nil, err
	}
	merged := slices.Clone(have)
	for _, t := range add {
		if i := slices.IndexFunc(merged, func(o Tag) bool { return o.Key == t.Key }); i >= 0 {
			merged[i].Value = t.Value
		} else {
			merged = append(merged, t)
		}
	}
	if len(merged) > MaxTags {
		return nil, tooManyTags()
	}
	return merged, nil
}

// RemoveTags answers have without the keys; a key that is not there is passed over.
func RemoveTags(have []Tag, keys []string) []Tag {
	return slices.DeleteFunc(slices.Clone(have), func(t Tag) bool { return slices.Contains(keys, t.Key) })
}
