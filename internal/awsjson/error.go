// Package awsjson speaks the AWS JSON 1.1 protocol on the server's side: the
// target header, strict decoding into structures of pointers, compact encoding,
// the error envelope and the request ID. It is how a thing is said.
//
// It does not know what is said (package api), who says it (package sigv4) or
// what comes of it (package controlplane): those are handed to a Server as
// functions. The protocol is that of https://smithy.io/2.0/aws/protocols, "AWS
// JSON 1.1"; details it leaves open follow recorded answers of the service.
package awsjson

// An Error is what a client is told: an exception's name, a sentence and an HTTP
// status.
type Error struct {
	// Type is the bare name, such as DirectConnectClientException. Recordings
	// carry no namespace before it.
	Type string
	// Message is left out of the answer when it is empty.
	Message string
	// Status is the HTTP status; 0 stands for 400, which nearly all are.
	Status int
}

// Error answers "Type: Message".
func (e *Error) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

func (e *Error) status() int {
	if e.Status == 0 {
		return 400
	}
	return e.Status
}

// append renders the envelope: {"__type":"...","message":"..."}.
func (e *Error) append(dst []byte) []byte {
	dst = append(dst, `{"__type":`...)
	dst = appendString(dst, e.Type)
	if e.Message != "" {
		dst = append(dst, `,"message":`...)
		dst = appendString(dst, e.Message)
	}
	return append(dst, '}')
}

// serialization is the error for a body that can not be read.
func serialization(message string) *Error {
	return &Error{Type: "SerializationException", Message: message, Status: 400}
}

// What the front end itself answers. Of these the recorded one is
// UnknownOperationException, whose body holds nothing but the type. A request
// that is too large gets the name and status that other AWS services answer it
// with (Lambda: RequestEntityTooLargeException, 413).
var (
	unknownOperation = &Error{Type: "UnknownOperationException", Status: 400}
	notFound         = &Error{Type: "UnknownOperationException", Status: 404}
	tooLarge         = &Error{Type: "RequestEntityTooLargeException", Message: "The request body is too large.", Status: 413}
	tooSlow          = &Error{Type: "RequestTimeoutException", Message: "The request body did not arrive in time.", Status: 408}
	unreadable       = serialization("The request body could not be read.")
	encoded          = serialization("A Content-Encoding of the request body is not supported; send the JSON as it is.")
	internalFailure  = &Error{Type: "InternalFailure", Status: 500}
)
