package console

import (
	"errors"
	"fmt"
	"net/http"

	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
)

// A problem is why a page is not shown or something was not done, with the status of HTTP. Its text is for who is there.
type problem struct {
	status  int
	message string
}

func (p *problem) Error() string { return p.message }

func notFound(format string, args ...any) *problem {
	return &problem{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) *problem {
	return &problem{http.StatusForbidden, fmt.Sprintf(format, args...)}
}

func badRequest(format string, args ...any) *problem {
	return &problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// ours is what is said of a fault of the server's own; its details are in the log.
const ours = "The request could not be completed because of a server fault; the log says more."

// said is what an error says to who is there, and the status of HTTP that goes with it. What nothing foresees is answered
// with a fixed sentence.
func said(err error) (status int, message string) {
	if p, ok := errors.AsType[*problem](err); ok {
		return p.status, p.message
	}
	if refused, ok := errors.AsType[*controlplane.Refusal](err); ok {
		return map[controlplane.Reason]int{
			controlplane.Invalid: http.StatusBadRequest, controlplane.Missing: http.StatusNotFound, controlplane.Conflict: http.StatusConflict,
		}[refused.Reason], refused.Message
	}
	if wire, ok := errors.AsType[*awsjson.Error](err); ok {
		switch wire.Type {
		case "AccessDeniedException":
			return http.StatusForbidden, wire.Message
		case "DirectConnectServerException":
			return http.StatusInternalServerError, wire.Message
		}
		return http.StatusBadRequest, wire.Message
	}
	return http.StatusInternalServerError, ours
}

// problemPage is a page that says nothing but what went wrong.
func problemPage(err error) page {
	status, _ := said(err)
	title := "That did not work"
	switch status {
	case http.StatusNotFound:
		title = "Not found"
	case http.StatusForbidden:
		title = "Not permitted"
	case http.StatusInternalServerError:
		title = "Something is wrong here"
	}
	return page{template: "problem.html", title: title, problem: err}
}
