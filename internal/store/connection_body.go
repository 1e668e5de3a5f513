package store

import (
	"strings"
	"time"

	"onramp/internal/directconnect"
)

// decodeConnectionBody reads the JSON column of a connection into c. Pages of connections are what is read most, and
// encoding/json costs four times as much as all the rest of a row: so what encodeBody writes for a connection is read by
// hand, without copying. Whatever is not exactly that (an escape in a string, a member this program does not know, blanks)
// goes to encoding/json, which is what decides.
func decodeConnectionBody(body string, c *directconnect.Connection) error {
	read := *c
	s := scanner{text: body}
	if s.object(func(name string) { s.connectionMember(name, &read) }); s.whole() {
		*c = read
		return nil
	}
	return decodeBody(body, c)
}

func (s *scanner) connectionMember(name string, c *directconnect.Connection) {
	switch name {
	case "name":
		c.Name = s.string()
	case "bw":
		c.Bandwidth = directconnect.Bandwidth(s.string())
	case "provider":
		c.ProviderName = s.string()
	case "partner":
		c.PartnerName = s.string()
	case "billing":
		c.BillingMode = directconnect.BillingMode(s.string())
	case "tags":
		s.array(func() { c.Tags = append(c.Tags, s.tag()) })
	case "macsec":
		c.MACsec = s.true()
	case "encmode":
		c.EncryptionMode = directconnect.EncryptionMode(s.string())
	case "encup":
		c.EncryptionUp = s.true()
	case "keys":
		s.array(func() { c.MACsecKeys = append(c.MACsecKeys, s.macsecKey()) })
	default:
		s.connectionHistory(name, c)
	}
}

func (s *scanner) connectionHistory(name string, c *directconnect.Connection) {
	switch name {
	case "since":
		c.Since = s.time()
	case "approved":
		c.Approved = s.time()
	case "loaread":
		c.LOARead = s.time()
	case "loacode":
		c.LOACode = s.string()
	case "xconnect":
		c.CrossConnected = s.time()
	case "loavoid":
		s.array(func() { c.VoidLOA = append(c.VoidLOA, s.string()) })
	case "cut":
		c.Cut = s.true()
	case "light":
		c.FirstLight = s.time()
	case "reason":
		c.Reason = s.string()
	case "left":
		s.array(func() { c.Left = append(c.Left, s.string()) })
	default:
		s.failed = true
	}
}

func (s *scanner) tag() (t directconnect.Tag) {
	s.object(func(name string) {
		switch name {
		case "k":
			t.Key = s.string()
		case "v":
			t.Value = s.string()
		default:
			s.failed = true
		}
	})
	return t
}

func (s *scanner) macsecKey() (k directconnect.MACsecKey) {
	s.object(func(name string) {
		switch name {
		case "arn":
			k.SecretARN = s.string()
		case "ckn":
			k.CKN = s.string()
		case "state":
			k.State = directconnect.MACsecKeyState(s.string())
		case "start":
			k.Start = s.time()
		default:
			s.failed = true
		}
	})
	return k
}

// scanner reads compact JSON without escapes. Once it has failed it stays so and answers zero values.
type scanner struct {
	text   string // what is left
	failed bool
}

func (s *scanner) whole() bool { return !s.failed && s.text == "" }

// skip takes a literal.
func (s *scanner) skip(literal string) bool {
	rest, ok := strings.CutPrefix(s.text, literal)
	if !ok {
		s.failed = true
		return false
	}
	s.text = rest
	return true
}

// object calls member for each name; member reads the value.
func (s *scanner) object(member func(name string)) {
	if !s.skip("{") {
		return
	}
	for first := true; !s.failed; first = false {
		if strings.HasPrefix(s.text, "}") {
			s.text = s.text[1:]
			return
		}
		if !first && !s.skip(",") {
			return
		}
		if name := s.string(); s.skip(":") {
			member(name)
		}
	}
}

// array calls element for each element, which reads it.
func (s *scanner) array(element func()) {
	if !s.skip("[") {
		return
	}
	for first := true; !s.failed; first = false {
		if strings.HasPrefix(s.text, "]") {
			s.text = s.text[1:]
			return
		}
		if !first && !s.skip(",") {
			return
		}
		element()
	}
}

// string shares its memory with the text.
func (s *scanner) string() string {
	if !s.skip(`"`) {
		return ""
	}
	end := strings.IndexByte(s.text, '"')
	if end < 0 || strings.IndexByte(s.text[:end], '\\') >= 0 {
		s.failed = true
		return ""
	}
	value := s.text[:end]
	s.text = s.text[end+1:]
	return value
}

// true is the only value of a boolean that is written: false ones are left out.
func (s *scanner) true() bool { return s.skip("true") }

func (s *scanner) time() time.Time {
	t, err := time.Parse(time.RFC3339Nano, s.string())
	if err != nil {
		s.failed = true
	}
	return t
}
