package diagram

import (
	"strconv"
	"strings"
)

// asciiWidths are the advance widths of ' ' to '~' in thousandths of the type size, of Arial Bold and what has its metrics:
// about the widest of the faces that the style sheet names.
var asciiWidths = [...]int{
	278, 334, 475, 557, 557, 890, 723, 238, 334, 334, 390, 584, 278, 334, 278, 278, 557, 557, 557, 557, 557, 557, 557, 557, 557, 557,
	334, 334, 584, 584, 584, 611, 976, 723, 723, 723, 723, 667, 611, 778, 723, 278, 557, 723, 611, 834, 723, 778, 667, 778, 723, 667,
	611, 723, 667, 944, 667, 667, 611, 334, 278, 334, 584, 557, 334, 557, 611, 557, 611, 557, 334, 611, 611, 278, 278, 557, 278, 890,
	611, 611, 611, 611, 390, 557, 334, 611, 557, 778, 557, 557, 500, 390, 280, 390, 584,
}

const (
	latinWidth = 1000 // the widest letter of Latin-1
	otherWidth = 1350 // what browsers substitute for other scripts: letters up to this, ideographs 1000
	dots       = "…"
	dotsWidth  = 1000
)

func runeWidth(r rune) int {
	switch {
	case r >= ' ' && r <= '~':
		return asciiWidths[r-' ']
	case r == '·':
		return asciiWidths['.'-' ']
	case r == '…':
		return dotsWidth
	case r <= 0xff:
		return latinWidth
	}
	return otherWidth
}

// width estimates how wide a text is, in units of size. With a face that is wider still a shape clips what is left over.
func width(s string, size float64) float64 {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return float64(n) * size / 1000
}

// fit shortens a text to a width.
func fit(s string, size, room float64) string {
	if width(s, size) <= room {
		return s
	}
	left := int(room*1000/size) - dotsWidth
	end := 0
	for i, r := range s {
		if left -= runeWidth(r); left < 0 {
			break
		}
		end = i + len(string(r))
	}
	return strings.TrimRight(s[:end], " ") + dots
}

// lines breaks a text behind a comma into two lines that fit, if one does not; what does not fit then is shortened.
func lines(s string, size, room float64) []string {
	if width(s, size) <= room {
		return []string{s}
	}
	for end := strings.LastIndex(s, ", "); end >= 0; end = strings.LastIndex(s[:end], ", ") {
		if first := s[:end+1]; width(first, size) <= room {
			return []string{first, fit(s[end+2:], size, room)}
		}
	}
	return []string{fit(s, size, room)}
}

// count spells a number with its noun: "1 connection", "4,210 connections".
func count(n int, noun string) string {
	s := Thousands(n) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}

// Thousands spells a number with a comma after each three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
