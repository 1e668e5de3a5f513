package operator

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"reflect"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// recorded has what the operator changes recorded: which endpoint, about what, and of the request's body the members that
// tell. The rest may be secret, and stays out of it.
func (a *api) recorded(next handler) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead || a.Service == nil || a.Service.Store == nil {
			return next(ctx, r)
		}
		ctx = controlplane.WithCall(ctx, operatorCall(r))
		answer, err := next(ctx, r.WithContext(ctx))
		a.Service.Moved(ctx, err)
		return answer, err
	}
}

// operatorCall is what is recorded of a request.
func operatorCall(r *http.Request) *controlplane.Call {
	source := r.RemoteAddr
	if host, _, err := net.SplitHostPort(source); err == nil {
		source = host
	}
	call := &controlplane.Call{SourceIP: source, UserAgent: r.UserAgent(), Move: r.Pattern, Path: r.URL.Path}
	var ids []string
	for _, name := range []string{"id", "key", "name", "policy", "group", "code"} {
		if id := r.PathValue(name); id != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) > 0 {
		call.Target, call.Beside = ids[0], ids[1:]
	}
	if id := r.PathValue("id"); directconnect.IsAccountID(id) && strings.Contains(r.Pattern, " /v1/accounts/{id}") {
		call.Account = id
	}
	return call
}

// tells is the tag of the members of request bodies that a record has: those alone, so that no new one gets into the trail
// unless somebody has thought about it. Its value is what CloudTrail calls the member, or asNamed: what the body does.
const (
	tells   = "audit"
	asNamed = "yes"
)

// tell has those members of a request's body recorded that may be.
func tell(ctx context.Context, body any) {
	v := reflect.Indirect(reflect.ValueOf(body))
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name := field.Tag.Get(tells)
		if name == "" || v.Field(i).IsZero() {
			continue
		}
		if name == asNamed {
			name, _, _ = strings.Cut(field.Tag.Get("json"), ",")
		}
		if value, err := json.Marshal(v.Field(i).Interface()); err == nil {
			controlplane.AskedOfMove(ctx, name, value)
		}
	}
}
