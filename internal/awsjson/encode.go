package awsjson

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// Append appends a structure, or what a pointer to one points at, as compact
// JSON. Members come in the order of the Go struct. A nil pointer or slice is
// absent and left out; an empty slice is [], an empty blob "". Timestamps are
// seconds since 1970 with at least one decimal (1491568964.0, as recorded) and
// at most three. A nil v is an operation's output without members: {}.
//
// An error says that v can not be written at all: it holds a type without a
// form on the wire, or a number that is not finite.
func Append(dst []byte, v any) ([]byte, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	if !rv.IsValid() {
		return append(dst, "{}"...), nil
	}
	s, err := structureOf(rv.Type())
	if err != nil {
		return dst, err
	}
	return s.append(dst, rv)
}

// append writes each member with a comma before it, then turns the first comma
// into the opening brace.
func (s *structure) append(dst []byte, rv reflect.Value) ([]byte, error) {
	start := len(dst)
	for i := range s.fields {
		f := &s.fields[i]
		v := rv.Field(f.index)
		if v.IsNil() {
			continue
		}
		dst = append(dst, f.key...)
		if f.boxed {
			v = v.Elem()
		}
		var err error
		if dst, err = f.append(dst, v); err != nil {
			return dst, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if len(dst) == start {
		return append(dst, "{}"...), nil
	}
	dst[start] = '{'
	return append(dst, '}'), nil
}

func (v *value) append(dst []byte, rv reflect.Value) ([]byte, error) {
	switch v.kind {
	case kindString:
		return appendString(dst, rv.String()), nil
	case kindInteger, kindLong:
		return strconv.AppendInt(dst, rv.Int(), 10), nil
	case kindBoolean:
		return strconv.AppendBool(dst, rv.Bool()), nil
	case kindDouble:
		return appendDouble(dst, rv.Float())
	case kindTimestamp:
		return appendTimestamp(dst, rv.Interface().(time.Time)), nil
	case kindBlob:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, rv.Bytes())
		return append(dst, '"'), nil
	case kindStructure:
		return v.structure.append(dst, rv)
	default:
		return v.appendList(dst, rv)
	}
}

func (v *value) appendList(dst []byte, rv reflect.Value) (_ []byte, err error) {
	dst = append(dst, '[')
	for i := range rv.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = v.element.append(dst, rv.Index(i)); err != nil {
			return dst, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return append(dst, ']'), nil
}

func appendDouble(dst []byte, f float64) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return dst, errors.New("a number that is not finite has no form in JSON")
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64), nil
}

// appendTimestamp writes whole milliseconds, what is finer being dropped.
func appendTimestamp(dst []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms < 0 {
		dst = append(dst, '-')
		ms = -ms
	}
	dst = strconv.AppendInt(dst, ms/1000, 10)
	tenths, hundredths, thousandths := byte(ms/100%10), byte(ms/10%10), byte(ms%10)
	dst = append(dst, '.', '0'+tenths)
	if hundredths != 0 || thousandths != 0 {
		dst = append(dst, '0'+hundredths)
	}
	if thousandths != 0 {
		dst = append(dst, '0'+thousandths)
	}
	return dst
}
