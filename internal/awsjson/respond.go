package awsjson

import (
	"net/http"
	"strconv"
)

// Values that never change are shared by all answers.
var (
	contentType = []string{"application/x-amz-json-1.1"}
	closing     = []string{"close"}
)

// respond writes the answer: x.out, or the error that stopped the exchange. The
// length is declared and the body written once, so that net/http sends headers
// and body together; clients have been seen to stumble over two packets.
func (x *exchange) respond(w http.ResponseWriter, stopped *Error) {
	x.call.Status = http.StatusOK
	if stopped != nil {
		x.out = stopped.append(x.out[:0])
		x.call.Status = stopped.status()
		x.call.ErrorType = stopped.Type
	}
	x.call.ResponseBytes = len(x.out)

	values := [...]string{x.call.RequestID, strconv.Itoa(len(x.out))}
	header := w.Header()
	header["Content-Type"] = contentType
	header["x-amzn-RequestId"] = values[0:1:1] // spelt as AWS spells it
	header["Content-Length"] = values[1:2:2]
	if x.hasty {
		header["Connection"] = closing
	}
	w.WriteHeader(x.call.Status)
	w.Write(x.out) // fails if the client is gone: there is nobody to tell
}
