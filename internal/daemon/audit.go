package daemon

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"onramp/internal/audit"
	"onramp/internal/awsjson"
	"onramp/internal/controlplane"
)

// recorded has what comes of requests recorded in the audit trail.
func (d *Daemon) recorded(next http.Handler) http.Handler {
	if d.config.Audit == AuditOff {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(controlplane.WithCall(r.Context(), callOf(r))))
	})
}

// callOf is what the audit trail tells of a request.
func callOf(r *http.Request) *controlplane.Call {
	source := r.RemoteAddr
	if host, _, err := net.SplitHostPort(source); err == nil {
		source = host
	}
	return &controlplane.Call{
		SourceIP: source, UserAgent: r.UserAgent(), ClaimedKey: claimedKey(r.Header.Get("Authorization")),
	}
}

// longestKeyID is the length of the longest access key ID that there can be.
const longestKeyID = 128

// claimedKey is the access key ID in an Authorization header of Signature Version 4; empty if there is none that could be
// one.
func claimedKey(authorization string) string {
	_, scope, _ := strings.Cut(authorization, "Credential=")
	id, _, found := strings.Cut(scope, "/")
	if !found || id == "" || len(id) > longestKeyID || strings.ContainsFunc(id, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_'
	}) {
		return ""
	}
	return id
}

// observed records what no transaction has recorded.
func (d *Daemon) observed(ctx context.Context, call awsjson.Call) {
	d.observe(ctx, call)
	var refused *awsjson.Error
	if call.ErrorType != "" {
		refused = &awsjson.Error{Type: call.ErrorType}
		if wire := wireError(ctx, call.Err); wire != nil && wire.Type == call.ErrorType {
			refused.Message = wire.Message
		}
	}
	d.core.service.Observed(ctx, call.Operation, refused)
}

// observedTokens is observed for requests to AWS STS.
func (d *Daemon) observedTokens(ctx context.Context, call awsjson.Call) {
	d.observe(ctx, call)
	var refused *awsjson.Error
	if call.ErrorType != "" {
		refused = &awsjson.Error{Type: call.ErrorType}
		if wire := tokenError(ctx, call.Err); wire != nil {
			refused.Message = wire.Message
		}
	}
	d.core.service.ObservedTokens(ctx, call.RequestID, call.Operation, refused)
}

// How often the audit trail is looked after.
const (
	auditEvery      = time.Minute
	checkpointEvery = 10 * time.Minute
	checkpointFor   = 5 * time.Second // that the last one may take
)

// keepAudit seals checkpoints over the audit trail and removes what is older than it is kept.
func (d *Daemon) keepAudit(ctx context.Context) error {
	return every(ctx, auditEvery, func() {
		c, err := d.core.service.PruneAudit(ctx, d.config.KeepAudit)
		d.sealed(c)
		if err != nil && ctx.Err() == nil {
			d.config.Log.Warn("removing old audit records failed, and will be tried again", "error", err)
		}
		d.checkpoint(ctx, checkpointEvery)
		d.remember(ctx)
	})
}

// checkpoint seals a checkpoint if the last one is older than that and something has happened since. It goes into the log,
// too, which an intruder of the database does not write.
func (d *Daemon) checkpoint(ctx context.Context, older time.Duration) {
	c, err := d.core.service.CheckpointAudit(ctx, older)
	switch {
	case err != nil && ctx.Err() == nil:
		d.config.Log.Warn("sealing the audit trail failed, and will be tried again", "error", err)
	case err == nil:
		d.sealed(c)
	}
}

// sealed tells the log of a new checkpoint; of none it tells nothing.
func (d *Daemon) sealed(c audit.Checkpoint) {
	if c.Number > 0 {
		d.config.Log.Info("audit trail sealed", "checkpoint", c.Number, "chains", len(c.Heads), "digest", c.Digest())
	}
}

// endAudit ends the audit trail, when no more requests come.
func (d *Daemon) endAudit(ctx context.Context) {
	if d.stopTrail == nil {
		return
	}
	d.stopTrail()
	_ = d.trail.Wait() // it answers nil
	ctx, cancel := context.WithTimeout(ctx, checkpointFor)
	defer cancel()
	d.checkpoint(ctx, 0)
	d.remember(ctx)
}
