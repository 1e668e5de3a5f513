package directconnect

import "strings"

// The prefixes of identifiers (fact sheet 2).
const (
	ConnectionPrefix = "dxcon-"
	LAGPrefix        = "dxlag-"
	InterfacePrefix  = "dxvif-"
	PeerPrefix       = "dxpeer-"
)

// shortIDLength is the length of what follows the prefix in a recorded identifier.
const shortIDLength = 8

// ShortID makes an identifier of the recorded shape from 32 random bits and more: the prefix, an "f", one of "fgh" and
// six base-36 digits, which is the narrow band that every published identifier lies in.
func ShortID(prefix string, random uint64) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	var b strings.Builder
	b.Grow(len(prefix) + shortIDLength)
	b.WriteString(prefix)
	b.WriteByte('f')
	b.WriteByte("fgh"[random%3])
	random /= 3
	for range shortIDLength - 2 {
		b.WriteByte(digits[random%36])
		random /= 36
	}
	return b.String()
}

// IsConnectionID reports whether id has the shape of a connection's, a hosted connection's or an interconnect's.
func IsConnectionID(id string) bool { return isShortID(id, ConnectionPrefix) }

// IsLAGID reports whether id has the shape of a LAG's.
func IsLAGID(id string) bool { return isShortID(id, LAGPrefix) }

// CheckInterfaceID refuses what has not the shape of a virtual interface ID.
func CheckInterfaceID(id string) error {
	if !isShortID(id, InterfacePrefix) {
		return Clientf("Virtual Interface ID %s has an invalid format.", id)
	}
	return nil
}

// CheckUUID refuses what has not the shape of a lower-case UUID, as gateways, associations and proposals have. member is
// the wire's name for it.
func CheckUUID(member, id string) error {
	const shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	valid := len(id) == len(shape)
	for i := 0; valid && i < len(id); i++ {
		c := id[i]
		valid = (shape[i] == '-' && c == '-') || (shape[i] == 'x' && (c >= '0' && c <= '9' || c >= 'a' && c <= 'f'))
	}
	if !valid {
		return Clientf("%s %s has an invalid format.", member, id)
	}
	return nil
}

func isShortID(id, prefix string) bool {
	rest, ok := strings.CutPrefix(id, prefix)
	if !ok || len(rest) != shortIDLength {
		return false
	}
	for i := range len(rest) {
		if c := rest[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// CheckConnectionID refuses what has not the shape of a connection ID. The text follows the recorded one for LAGs.
func CheckConnectionID(id string) error {
	if !IsConnectionID(id) {
		return Clientf("Connection ID %s has an invalid format.", id)
	}
	return nil
}

// CheckInterconnectID refuses what has not the shape of an interconnect ID.
func CheckInterconnectID(id string) error {
	if !IsConnectionID(id) {
		return Clientf("Interconnect ID %s has an invalid format.", id)
	}
	return nil
}

// CheckLAGID refuses what has not the shape of a LAG ID. The text was recorded, two blanks for an empty ID included.
func CheckLAGID(id string) error {
	if !IsLAGID(id) {
		return Clientf("Lag ID %s has an invalid format.", id)
	}
	return nil
}

// NoConnection is the recorded answer for a well-formed connection ID that names nothing the caller may see.
func NoConnection(id string) *Error { return Clientf("Could not find Connection with ID %s", id) }

// NoLAG is the recorded answer for a well-formed LAG ID that names nothing the caller may see.
func NoLAG(id string) *Error { return Clientf("Could not find Lag with ID %s", id) }

// NoInterconnect follows NoConnection; the service's own wording is not known.
func NoInterconnect(id string) *Error { return Clientf("Could not find Interconnect with ID %s", id) }
