package awsjson

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Decode reads a request body into the structure that v points at. Members are
// matched by their exact name, where encoding/json would disregard case; members
// that the structure does not have are passed over, but must be valid JSON. null
// is absent. Of a member given twice the last counts. An empty body is {}.
//
// A timestamp is a number of seconds since 1970, read to the millisecond; a blob
// is base64. An integer must be written without fraction and exponent.
//
// A body that can not be read so answers an *Error, SerializationException 400,
// and leaves v in an undefined state. Any other error is a mistake in the
// program: v is not such a pointer.
func Decode(body []byte, v any) error {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return fmt.Errorf("awsjson: can not decode into %T: it is not a pointer to a structure", v)
	}
	plan, err := structureOf(rv.Type().Elem())
	if err != nil || len(body) == 0 {
		return err
	}
	if !utf8.Valid(body) {
		return serialization("The request body is not valid UTF-8.")
	}
	d := decoder{scanner{text: body}}
	if d.peek() != '{' {
		return serialization("The request body is not a JSON object.")
	}
	if err := d.structure(plan, rv.Elem()); err != nil {
		if wrong, ok := errors.AsType[*mismatch](err); ok {
			return serialization(wrong.Error())
		}
		return err
	}
	if d.peek(); d.at < len(body) {
		return d.syntax("something follows the object")
	}
	return nil
}

type decoder struct{ scanner }

// structure reads an object into rv.
func (d *decoder) structure(plan *structure, rv reflect.Value) error {
	return d.object(func(name []byte) error {
		f, ok := plan.byName[string(name)]
		if !ok {
			return d.skip()
		}
		err := d.member(f, rv.Field(f.index))
		if wrong, ok := err.(*mismatch); ok {
			wrong.within("." + f.name)
		}
		return err
	})
}

func (d *decoder) member(f *field, rv reflect.Value) error {
	if d.peek() == 'n' {
		rv.SetZero()
		return d.literal("null")
	}
	if !f.boxed {
		return d.value(&f.value, rv)
	}
	box := reflect.New(f.typ)
	rv.Set(box)
	return d.value(&f.value, box.Elem())
}

// list reads an array into rv. null is no element: Smithy lists are not sparse
// unless they say so, and a server refuses it.
func (d *decoder) list(plan *value, rv reflect.Value) error {
	rv.Set(reflect.MakeSlice(plan.typ, 0, 0))
	return d.sequence(']', func(i int) error {
		rv.Grow(1)
		rv.SetLen(i + 1)
		err := d.value(plan.element, rv.Index(i))
		if wrong, ok := err.(*mismatch); ok {
			wrong.within("[" + strconv.Itoa(i) + "]")
		}
		return err
	})
}

// value reads whatever is next into rv, if it is of the right kind.
func (d *decoder) value(plan *value, rv reflect.Value) error {
	switch first := d.peek(); {
	case first == '{' && plan.kind == kindStructure:
		return d.structure(plan.structure, rv)
	case first == '[' && plan.kind == kindList:
		return d.list(plan, rv)
	case first == '"' && (plan.kind == kindString || plan.kind == kindBlob):
		return d.text(plan, rv)
	case first == 't' && plan.kind == kindBoolean:
		rv.SetBool(true)
		return d.literal("true")
	case first == 'f' && plan.kind == kindBoolean:
		rv.SetBool(false)
		return d.literal("false")
	case first == '-' || '0' <= first && first <= '9':
		return d.numeral(plan, rv)
	default:
		if err := d.skip(); err != nil {
			return err
		}
		return unwanted(first, plan.kind)
	}
}

// text reads a string, or the blob that a string stands for.
func (d *decoder) text(plan *value, rv reflect.Value) error {
	said, err := d.str()
	if err != nil {
		return err
	}
	if plan.kind == kindString {
		rv.SetString(string(said))
		return nil
	}
	blob := make([]byte, base64.StdEncoding.DecodedLen(len(said)))
	n, err := base64.StdEncoding.Decode(blob, said)
	if err != nil {
		return &mismatch{reason: "STRING_VALUE is not base64 and can not be converted to a Blob"}
	}
	rv.SetBytes(blob[:n])
	return nil
}

// numeral reads a number of any of the four kinds that are one.
func (d *decoder) numeral(plan *value, rv reflect.Value) error {
	digits, integer, err := d.number()
	if err != nil {
		return err
	}
	switch plan.kind {
	case kindInteger, kindLong:
		if !integer {
			return &mismatch{reason: "NUMBER_VALUE with a fraction or an exponent can not be converted to " + names[plan.kind]}
		}
		n, err := strconv.ParseInt(string(digits), 10, plan.typ.Bits())
		if err != nil {
			return outOfRange(plan.kind)
		}
		rv.SetInt(n)
	case kindDouble, kindTimestamp:
		f, err := strconv.ParseFloat(string(digits), 64)
		if err != nil {
			return outOfRange(plan.kind)
		}
		if plan.kind == kindDouble {
			rv.SetFloat(f)
			return nil
		}
		// The years 1 to 9999, which is what RFC 3339 can write.
		if ms := math.Round(f * 1000); ms >= -62135596800_000 && ms < 253402300800_000 {
			rv.Set(reflect.ValueOf(time.UnixMilli(int64(ms)).UTC()))
			return nil
		}
		return outOfRange(plan.kind)
	default:
		return unwanted('0', plan.kind)
	}
	return nil
}

// unwanted is the error for a value that begins with first where one of another
// kind is wanted. The texts are those of AWS front ends.
func unwanted(first byte, want kind) error {
	token := "NUMBER_VALUE"
	switch first {
	case '{':
		return &mismatch{reason: "Start of structure or map found where not expected"}
	case '[':
		return &mismatch{reason: "Start of list found where not expected"}
	case '"':
		token = "STRING_VALUE"
	case 't':
		token = "TRUE_VALUE"
	case 'f':
		token = "FALSE_VALUE"
	case 'n':
		token = "VALUE_NULL"
	}
	return &mismatch{reason: token + " can not be converted to " + names[want]}
}

func outOfRange(want kind) error {
	return &mismatch{reason: "NUMBER_VALUE is out of the range of " + names[want]}
}

// A mismatch is a valid JSON value in the wrong place. The path is built while
// the error climbs, of names that are ours: nothing of the request is quoted.
type mismatch struct{ reason, path string }

func (m *mismatch) within(step string) { m.path = step + m.path }

// Error answers such as "STRING_VALUE can not be converted to an Integer, at
// newPrivateVirtualInterface.vlan".
func (m *mismatch) Error() string {
	return m.reason + ", at " + strings.TrimPrefix(m.path, ".")
}
