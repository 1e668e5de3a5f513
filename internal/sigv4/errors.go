package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// The codes of an Error: the `__type` of the common errors of AWS JSON services.
const (
	CodeMissingToken        = "MissingAuthenticationTokenException"
	CodeIncompleteSignature = "IncompleteSignatureException"
	CodeInvalidSignature    = "InvalidSignatureException"
	CodeUnrecognizedClient  = "UnrecognizedClientException"
	CodeExpiredToken        = "ExpiredTokenException"
)

// Error is why a request was refused, in the words a client may see. The HTTP
// status is 400 for every code.
type Error struct {
	Code    string // one of the Code constants
	Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func missingToken() *Error {
	return &Error{CodeMissingToken, "Missing Authentication Token"}
}

func incomplete(message string) *Error {
	return &Error{CodeIncompleteSignature, message}
}

func unrecognizedClient() *Error {
	return &Error{CodeUnrecognizedClient, "The security token included in the request is invalid."}
}

// signatureMismatch leaves out what AWS may append in development: the canonical
// request and the string to sign, which would hand a token back to whoever asks.
func signatureMismatch() *Error {
	return &Error{CodeInvalidSignature, "The request signature we calculated does not match the signature you provided. " +
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}
}

// digest stands in an error text for a header that may hold secrets; it is the
// form that AWS's newer texts announce as "hashed with SHA-256 and encoded with
// Base64".
func digest(header string) string {
	sum := sha256.Sum256([]byte(header))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// quote makes a part of a request fit to be repeated in an error text: short and
// printable ASCII. It is for parts that hold no secret.
func quote(s string) string {
	const most = 64
	cut := ""
	if len(s) > most {
		s, cut = s[:most], "..."
	}
	printable := func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}
	return "'" + strings.Map(printable, s) + cut + "'"
}
