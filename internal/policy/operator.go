package policy

import (
	"errors"
	"net/netip"
	"strconv"
	"time"
)

// operator is how the values of a condition are compared.
type operator struct {
	negated        bool
	null           bool
	text, foldCase bool
	like           bool // of text: with wildcards
	arn            bool
	parse          func(string) (operand, error)
	compare        func(have, wanted operand) bool
}

// operand is a value that is compared as something else than text; one member is set.
type operand struct {
	number  float64
	time    time.Time
	prefix  netip.Prefix
	boolean bool
}

// operators are those of "IAM JSON policy elements: Condition operators" but BinaryEquals, for which no key has a value.
var operators = map[string]operator{
	"StringEquals":              {text: true},
	"StringNotEquals":           {text: true, negated: true},
	"StringEqualsIgnoreCase":    {text: true, foldCase: true},
	"StringNotEqualsIgnoreCase": {text: true, foldCase: true, negated: true},
	"StringLike":                {text: true, like: true},
	"StringNotLike":             {text: true, like: true, negated: true},

	"ArnEquals":    {arn: true},
	"ArnLike":      {arn: true},
	"ArnNotEquals": {arn: true, negated: true},
	"ArnNotLike":   {arn: true, negated: true},

	"NumericEquals":            {parse: number, compare: func(a, b operand) bool { return a.number == b.number }},
	"NumericNotEquals":         {parse: number, compare: func(a, b operand) bool { return a.number == b.number }, negated: true},
	"NumericLessThan":          {parse: number, compare: func(a, b operand) bool { return a.number < b.number }},
	"NumericLessThanEquals":    {parse: number, compare: func(a, b operand) bool { return a.number <= b.number }},
	"NumericGreaterThan":       {parse: number, compare: func(a, b operand) bool { return a.number > b.number }},
	"NumericGreaterThanEquals": {parse: number, compare: func(a, b operand) bool { return a.number >= b.number }},

	"DateEquals":            {parse: date, compare: func(a, b operand) bool { return a.time.Equal(b.time) }},
	"DateNotEquals":         {parse: date, compare: func(a, b operand) bool { return a.time.Equal(b.time) }, negated: true},
	"DateLessThan":          {parse: date, compare: func(a, b operand) bool { return a.time.Before(b.time) }},
	"DateLessThanEquals":    {parse: date, compare: func(a, b operand) bool { return !a.time.After(b.time) }},
	"DateGreaterThan":       {parse: date, compare: func(a, b operand) bool { return a.time.After(b.time) }},
	"DateGreaterThanEquals": {parse: date, compare: func(a, b operand) bool { return !a.time.Before(b.time) }},

	"IpAddress":    {parse: address, compare: within},
	"NotIpAddress": {parse: address, compare: within, negated: true},

	"Bool": {parse: boolean, compare: func(a, b operand) bool { return a.boolean == b.boolean }},
	"Null": {null: true},
}

func number(s string) (operand, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != n {
		return operand{}, errors.New("a number")
	}
	return operand{number: n}, nil
}

// dateLayouts are those of the W3C's profile of ISO 8601, which is what the date operators take. time.Parse takes fractions
// of a second that a layout does not show.
var dateLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"}

// date reads a time, or seconds since 1970, which all have more digits than a year.
func date(s string) (operand, error) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return operand{time: t}, nil
		}
	}
	const longest = 11 // digits of a time some three thousand years ahead
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) <= longest {
		return operand{time: time.Unix(n, 0)}, nil
	}
	return operand{}, errors.New("a date such as 2026-03-02T09:00:00Z, or seconds since 1970")
}

// address reads an address, which stands for itself alone, or a range.
func address(s string) (operand, error) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return operand{prefix: netip.PrefixFrom(a, a.BitLen())}, nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return operand{}, errors.New("an IP address or a range such as 203.0.113.0/24")
	}
	return operand{prefix: p.Masked()}, nil
}

func within(have, wanted operand) bool {
	return have.prefix.Bits() >= wanted.prefix.Bits() && wanted.prefix.Contains(have.prefix.Addr())
}

func boolean(s string) (operand, error) {
	switch s {
	case "true", "True", "TRUE":
		return operand{boolean: true}, nil
	case "false", "False", "FALSE":
		return operand{}, nil
	}
	return operand{}, errors.New("true or false")
}
