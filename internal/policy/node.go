package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Error is what is wrong with a document, and where.
type Error struct {
	Path   string // such as Statement[0].Condition.StringEquals; empty: the whole document
	Reason string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	return e.Path + ": " + e.Reason
}

func wrong(path, format string, args ...any) error {
	return &Error{path, fmt.Sprintf(format, args...)}
}

// member is one of an object. Objects are kept as lists, since encoding/json forgets what stands twice.
type member struct {
	name  string
	value any // object, list, string, bool, json.Number or nil
}

type (
	object []member
	list   []any
)

// maxDepth is deeper than any policy can be.
const maxDepth = 16

// readJSON reads one JSON value and nothing behind it.
func readJSON(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := readValue(d, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, wrong("", "the document goes on after its JSON")
	}
	return v, nil
}

func readValue(d *json.Decoder, path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, wrong(path, "the JSON is nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return nil, wrong(path, "the document is not valid JSON: %v", readable(err))
	}
	switch token {
	case json.Delim('{'):
		return readObject(d, path, depth)
	case json.Delim('['):
		all := list{}
		for d.More() {
			v, err := readValue(d, fmt.Sprintf("%s[%d]", path, len(all)), depth+1)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		return all, closing(d, path)
	}
	return token, nil
}

func readObject(d *json.Decoder, path string, depth int) (any, error) {
	all := object{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, wrong(path, "the document is not valid JSON: %v", readable(err))
		}
		name, _ := token.(string) // a decoder answers nothing else here
		if _, twice := all.find(name); twice {
			return nil, wrong(path, "%q stands twice", name)
		}
		v, err := readValue(d, join(path, name), depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, member{name, v})
	}
	return all, closing(d, path)
}

func closing(d *json.Decoder, path string) error {
	if _, err := d.Token(); err != nil {
		return wrong(path, "the document is not valid JSON: %v", readable(err))
	}
	return nil
}

func readable(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (o object) find(name string) (any, bool) {
	for _, m := range o {
		if m.name == name {
			return m.value, true
		}
	}
	return nil, false
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// texts reads a string or a list of strings, at least one.
func texts(path string, v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case list:
		if len(v) == 0 {
			return nil, wrong(path, "the list is empty")
		}
		all := make([]string, len(v))
		for i, element := range v {
			s, ok := element.(string)
			if !ok {
				return nil, wrong(fmt.Sprintf("%s[%d]", path, i), "this must be a string")
			}
			all[i] = s
		}
		return all, nil
	}
	return nil, wrong(path, "this must be a string or a list of strings")
}

// scalars is texts for the values of conditions, which may be written as numbers and booleans too.
func scalars(path string, v any) ([]string, error) {
	elements, ok := v.(list)
	if !ok {
		elements = list{v}
	}
	if len(elements) == 0 {
		return nil, wrong(path, "the list is empty")
	}
	all := make([]string, len(elements))
	for i, element := range elements {
		switch element := element.(type) {
		case string:
			all[i] = element
		case bool:
			all[i] = fmt.Sprint(element)
		case json.Number:
			all[i] = element.String()
		default:
			return nil, wrong(path, "a value must be a string, a number or a boolean")
		}
	}
	return all, nil
}

// quoted makes a part of a document fit for an error text.
func quoted(s string) string {
	const most = 128
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return fmt.Sprintf("%q", s)
}
