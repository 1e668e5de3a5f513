package mka

import (
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"onramp/internal/fabric"
)

// Where things stand in a frame that carries an MKPDU (IEEE 802.1X-2010 11.3 and 11.11): Ethernet header, EAPOL header,
// basic parameter set with the CKN at its end, further sets, ICV.
const (
	etherHeader   = 14
	eapolHeader   = 4
	basicHeader   = 4
	basicFixed    = 28 // SCI, member identifier, message number, algorithm agility; then the CKN
	icvLength     = 16
	etherTypePAE  = 0x888e
	eapolMKA      = 5
	desiredBit    = 0x40
	shortestFrame = etherHeader + eapolHeader + basicHeader + basicFixed + 1 + icvLength
)

// mkpdu is what one frame of the far end says, as far as we need it.
type mkpdu struct {
	source  [6]byte
	sci     sci
	ckn     string // hexadecimal, lower case
	desired bool   // it wants frames protected
	signed  []byte // what the ICV is over
	icv     []byte
}

var errNoMKPDU = errors.New("no MKPDU")

// parseMKPDU reads a frame as it came from the cable. The result points into it.
func parseMKPDU(frame []byte) (mkpdu, error) {
	if len(frame) < shortestFrame || binary.BigEndian.Uint16(frame[12:]) != etherTypePAE || frame[15] != eapolMKA {
		return mkpdu{}, errNoMKPDU
	}
	end := etherHeader + eapolHeader + int(binary.BigEndian.Uint16(frame[16:]))
	basic := frame[etherHeader+eapolHeader:]
	body := int(basic[2]&0x0f)<<8 | int(basic[3])
	after := etherHeader + eapolHeader + basicHeader + body
	if end > len(frame) || body <= basicFixed || body > basicFixed+32 || after+icvLength > end {
		return mkpdu{}, errNoMKPDU
	}
	return mkpdu{
		source:  [6]byte(frame[6:12]),
		sci:     sci(basic[basicHeader : basicHeader+8]),
		ckn:     hex.EncodeToString(basic[basicHeader+basicFixed : basicHeader+body]),
		desired: basic[2]&desiredBit != 0,
		signed:  frame[:end-icvLength],
		icv:     frame[end-icvLength : end],
	}, nil
}

// by reports whether m was made by someone who has k (IEEE 802.1X-2010 9.3.3 and 9.4.1).
func (m mkpdu) by(k fabric.Key) bool {
	cak, err := hex.DecodeString(k.CAK.Reveal())
	if err != nil {
		return false
	}
	ckn, err := hex.DecodeString(k.CKN)
	if err != nil || m.ckn != k.CKN {
		return false
	}
	identifier := make([]byte, 16)
	copy(identifier, ckn)
	ick, err := derive(cak, "IEEE8021 ICK", identifier)
	if err != nil {
		return false
	}
	icv, err := cmac(ick, m.signed)
	return err == nil && subtle.ConstantTimeCompare(icv, m.icv) == 1
}
