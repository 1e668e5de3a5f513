package awsquery

import (
	"encoding/xml"
	"fmt"
	"net/http"
)

// Error is what a client is told: a code, a sentence and an HTTP status.
type Error struct {
	Code    string
	Message string
	Status  int // 0 stands for 400
}

// Error answers "Code: Message".
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func (e *Error) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

var internalFailure = &Error{
	Code: "InternalFailure", Message: "The request could not be completed because of a server fault.", Status: http.StatusInternalServerError,
}

func unknownAction(action string) *Error {
	if action == "" {
		return &Error{Code: "MissingAction", Message: "The request must contain the parameter Action."}
	}
	return &Error{Code: "InvalidAction", Message: fmt.Sprintf("Could not find operation %.64q", action)}
}

// failure renders the error envelope.
func (x *exchange) failure(e *Error) []byte {
	kind := "Sender"
	if e.status() >= http.StatusInternalServerError {
		kind = "Receiver"
	}
	type fault struct {
		Type    string
		Code    string
		Message string
	}
	text, err := xml.Marshal(struct {
		XMLName   xml.Name
		Error     fault
		RequestID string `xml:"RequestId"`
	}{xml.Name{Space: x.Namespace, Local: "ErrorResponse"}, fault{kind, e.Code, e.Message}, x.call.RequestID})
	if err != nil { // no member can fail
		panic(err)
	}
	return text
}
