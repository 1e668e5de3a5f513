package speaker

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// diagnosis is what GoBGP's log says of a session and its events do not: why dialling failed, that the hold timer has run
// out on a session with graceful restart, and what the neighbour said when it closed.
type diagnosis struct {
	established atomic.Bool

	mu sync.Mutex
	symptoms
}

type symptoms struct {
	dialling     string // the last error; empty: none since it was up
	holdExpired  bool
	communicated string // RFC 9003
	refused      string // the last OPEN that did not lead to a session, and why
	keyless      bool   // the TCP MD5 key could not be set
}

func (d *diagnosis) reset(established bool) {
	d.established.Store(established)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.symptoms = symptoms{}
}

// take answers the symptoms of a disconnection and forgets them.
func (d *diagnosis) take() symptoms {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.symptoms
	d.holdExpired, d.communicated, d.refused = false, "", ""
	return now
}

func (d *diagnosis) read() symptoms {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.symptoms
}

// ear is the log handler that GoBGP is given. It knows a session's records by the attribute Key, its address.
type ear struct {
	log      *slog.Logger // where warnings go
	patients *sync.Map    // *diagnosis by address
	patient  *diagnosis   // nil: not a session's logger
}

// Enabled lets details through only for sessions that are not up: there may be one for every route.
func (e ear) Enabled(_ context.Context, l slog.Level) bool {
	switch {
	case l >= slog.LevelWarn:
		return true
	case e.patient == nil:
		return false
	}
	return l >= slog.LevelInfo || !e.patient.established.Load()
}

// WithAttrs finds the session.
func (e ear) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, a := range attrs {
		e.hear(a)
	}
	return e
}

func (e *ear) hear(a slog.Attr) {
	if a.Key != "Key" {
		return
	}
	if d, ok := e.patients.Load(a.Value.String()); ok {
		e.patient = d.(*diagnosis)
	}
}

// WithGroup does nothing: GoBGP has no groups.
func (e ear) WithGroup(string) slog.Handler { return e }

// Handle notes symptoms, and passes warnings on as details: what they mean for a session is in its status.
func (e ear) Handle(ctx context.Context, r slog.Record) error {
	var trouble, said string
	var code, subcode int64
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "Code":
			code = a.Value.Int64()
		case "Subcode":
			subcode = a.Value.Int64()
		case "Error", "Err":
			trouble = a.Value.String()
		case "Communicated-Reason":
			said = a.Value.String()
		}
		e.hear(a)
		return true
	})
	if e.patient != nil {
		e.patient.note(r.Message, trouble, said)
		if r.Message == "sent notification" && !e.patient.established.Load() {
			e.patient.refuse(uint8(code), uint8(subcode))
		}
	}
	if r.Level >= slog.LevelWarn {
		e.log.DebugContext(ctx, "BGP: "+r.Message, "error", trouble)
	}
	return nil
}

func (d *diagnosis) note(message, trouble, said string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch message {
	case "failed to connect":
		d.dialling = trouble
	case "hold timer expired":
		d.holdExpired = true
	case "received notification":
		d.communicated = said
	case "failed to set md5":
		d.keyless = true
	}
}

// refuse notes that we have refused an OPEN, with code and subcode. When it was no OPEN that came, but another message, we
// answer with an FSM error: it has been a NOTIFICATION, most likely.
func (d *diagnosis) refuse(code, subcode uint8) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refused = "notification sent: " + words(bgp.NewNotificationErrorCode(code, subcode).String())
	if code == bgp.BGP_ERROR_FSM_ERROR {
		d.refused = refusedByNeighbour
	}
}

const refusedByNeighbour = "the neighbour has not accepted our OPEN"

// notification finds the code and subcode in GoBGP's words: there are no numbers elsewhere.
var notification = regexp.MustCompile(`code (\d+)\(([^)]*)\) subcode (\d+)\(([^)]*)\)`)

// bfdDown is Cease 6/10 (RFC 9384), which GoBGP does not know.
const bfdDown = "10"

// words is a code and subcode in words.
func words(text string) string {
	code := notification.FindStringSubmatch(text)
	switch {
	case code == nil:
		return text
	case code[1] == "6" && code[3] == bfdDown:
		return "cease, BFD down"
	}
	return cmp.Or(errorCodes[code[1]], code[2]) + ", " + code[4]
}

// errorCodes are the names of RFC 4271, section 4.5, where GoBGP has others.
var errorCodes = map[string]string{"1": "message header error", "2": "open message error", "3": "update message error"}

// disconnected says in words why a session has gone down; empty: no new reason.
func disconnected(state apiutil.PeerState, log symptoms, graceful bool) string {
	what := words(state.DisconnectMessage)
	if log.holdExpired {
		return "hold timer expired"
	}
	switch state.DisconnectReason {
	case api.PeerState_DISCONNECT_REASON_HOLD_TIMER_EXPIRED:
		return "hold timer expired"
	case api.PeerState_DISCONNECT_REASON_NOTIFICATION_SENT:
		return "notification sent: " + what
	case api.PeerState_DISCONNECT_REASON_NOTIFICATION_RECEIVED, api.PeerState_DISCONNECT_REASON_HARD_RESET:
		if log.communicated != "" {
			what += fmt.Sprintf(" (%q)", log.communicated)
		}
		return "notification received: " + what
	case api.PeerState_DISCONNECT_REASON_READ_FAILED, api.PeerState_DISCONNECT_REASON_WRITE_FAILED:
		return "connection lost"
	case api.PeerState_DISCONNECT_REASON_GRACEFUL_RESTART:
		if graceful {
			return "connection lost; its routes are kept while it may be restarting"
		}
	case api.PeerState_DISCONNECT_REASON_RESTART_TIMER_EXPIRED:
		return "not back from its restart in time"
	case api.PeerState_DISCONNECT_REASON_INVALID_MSG:
		return cmp.Or(log.refused, refusedByNeighbour)
	case api.PeerState_DISCONNECT_REASON_BAD_PEER_AS:
		return "notification sent: open message error, bad peer as"
	}
	return ""
}

// explain says why a session is not up. Called under the instance's lock.
func (i *instance) explain(s *session) string {
	log := s.diagnosis.read()
	switch {
	case s.blocked != "":
		return s.blocked
	case s.want.neighbor.Shutdown:
		return "shut by the operator"
	case s.overLimit:
		return s.overLimitReason()
	}
	if down := linkDown(s.want.device); down != "" {
		return down
	}
	if strings.Contains(log.dialling, "timeout") && s.want.neighbor.Key != "" {
		if wrong := i.speaker.digests.wrong(s.since); wrong != "" {
			return fmt.Sprintf("no answer from %s, and %s", s.remote, wrong)
		}
	}
	reason := cmp.Or(log.refused, s.reason, s.dialled(log.dialling))
	if log.keyless { // the kernel has room for so many keys on one socket (net.core.optmem_max); what we dial has its own
		reason += ", and its TCP MD5 key could not be set for sessions that it begins"
	}
	return reason
}

// dialled says what an error of dialling means.
func (s *session) dialled(trouble string) string {
	switch {
	case strings.Contains(trouble, "connection refused"):
		return fmt.Sprintf("%s refuses BGP connections", s.remote)
	case strings.Contains(trouble, "network is unreachable"):
		return "no route to neighbour " + s.remote.String()
	case strings.Contains(trouble, "no route to host"):
		return fmt.Sprintf("no route to neighbour %s: it does not answer on the link", s.remote)
	case strings.Contains(trouble, "cannot assign requested address"):
		return fmt.Sprintf("%s is not an address of the interface", s.local)
	}
	return "no answer from " + s.remote.String()
}
