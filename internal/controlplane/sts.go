package controlplane

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"onramp/internal/directconnect"
	"onramp/internal/policy"
	"onramp/internal/store"
)

// TokenError is why a request for temporary credentials was refused, in the words of AWS STS.
type TokenError struct {
	Code    string
	Message string
	Status  int
}

func (e *TokenError) Error() string { return e.Code + ": " + e.Message }

func invalidParameter(format string, args ...any) error {
	return &TokenError{"ValidationError", fmt.Sprintf(format, args...), http.StatusBadRequest}
}

func accessDenied(format string, args ...any) error {
	return &TokenError{"AccessDenied", fmt.Sprintf(format, args...), http.StatusForbidden}
}

// TemporaryCredentials are those of a session.
type TemporaryCredentials struct {
	AccessKeyID, Secret, Token string
	Expires                    time.Time
}

const actionToken = "sts:"

// TokenOperations are the names of what of AWS STS there is. Only of AssumeRole policies are asked.
func TokenOperations() []string { return []string{assumeRole, "GetCallerIdentity", getSessionToken} }

// AssumeRoleInput is what AssumeRole is asked (API reference of AWS STS). Empty and 0 are what was not said.
type AssumeRoleInput struct {
	RoleARN, SessionName, ExternalID, Policy string
	PolicyARNs                               []string
	Seconds                                  int
}

// AssumedRole is what it answers.
type AssumedRole struct {
	Credentials TemporaryCredentials
	ARN, ID     string // of the session
}

// The bounds of the API reference.
const (
	minSession         = 15 * time.Minute
	defaultSession     = time.Hour
	maxSession         = 12 * time.Hour
	maxChained         = time.Hour      // of a role's session that assumes another role
	maxUserSession     = 36 * time.Hour // of GetSessionToken
	defaultUserSession = 12 * time.Hour
	maxSessionPolicy   = 2048 // characters
	maxSessionPolicies = 10
)

var sessionName = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]{2,64}$`)

// AssumeRole opens a session of a role. Whatever comes of it is recorded before it answers.
func (s *Service) AssumeRole(ctx context.Context, caller Caller, in AssumeRoleInput) (AssumedRole, error) {
	out, err := s.assumeRole(ctx, caller, in)
	if err := s.recordSession(ctx, assumeRole, sessionOpened{out.Credentials, out.ARN, out.ID}, err); err != nil {
		return AssumedRole{}, err
	}
	return out, nil
}

func (s *Service) assumeRole(ctx context.Context, caller Caller, in AssumeRoleInput) (AssumedRole, error) {
	account, name, err := parseRoleARN(in.RoleARN)
	if err != nil {
		return AssumedRole{}, err
	}
	if !sessionName.MatchString(in.SessionName) {
		return AssumedRole{}, invalidParameter("Value '%.64s' at 'roleSessionName' failed to satisfy constraint: Member must be 2 to 64 characters of [A-Za-z0-9_+=,.@-]", in.SessionName)
	}
	if caller.Identity.root() {
		return AssumedRole{}, accessDenied("Roles may not be assumed by root accounts.")
	}
	var role store.Principal
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		var err error
		if role, err = s.mayAssume(tx, caller, account, name, in); err != nil {
			return err
		}
		return sessionPoliciesExist(tx, account, in.PolicyARNs)
	})
	if err != nil {
		return AssumedRole{}, err
	}
	life, err := sessionLife(in.Seconds, role.MaxSession, caller.Identity)
	if err != nil {
		return AssumedRole{}, err
	}
	if len(in.Policy) > maxSessionPolicy || len(in.PolicyARNs) > maxSessionPolicies {
		return AssumedRole{}, &TokenError{"PackedPolicyTooLarge", "The session policies are larger than is allowed.", http.StatusBadRequest}
	}
	if in.Policy != "" {
		if _, err := policy.Parse(policy.Identity, []byte(in.Policy)); err != nil {
			return AssumedRole{}, &TokenError{"MalformedPolicyDocument", err.Error(), http.StatusBadRequest}
		}
	}
	now := time.Now()
	token := sessionToken{
		Kind: store.Role, Account: account, Name: role.Name, ID: role.ID, Session: in.SessionName, Issued: now, Expires: now.Add(life),
		Policy: in.Policy, Policies: in.PolicyARNs,
	}
	if role.Name == OperatorRole {
		token.Operator = []string{caller.Account, caller.Identity.Name, caller.Identity.ID}
	}
	credentials, err := s.openSession(token)
	session := Identity{Kind: store.Role, Account: account, Name: role.Name, ID: role.ID, Session: &Session{Name: in.SessionName}}
	return AssumedRole{Credentials: credentials, ARN: session.ARN(caller.Partition()), ID: session.UserID()}, err
}

// mayAssume answers a role that the caller may assume: its trust policy must name the caller, and the caller's own policies
// must allow it as well, so far as the trust policy's grant does not stand for that. It never does for another account's role.
func (s *Service) mayAssume(tx *store.Tx, caller Caller, account, name string, in AssumeRoleInput) (store.Principal, error) {
	arn := roleARN(caller.Partition(), account, name)
	refused := accessDenied("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", caller.Identity.ARN(caller.Partition()), arn)
	role, err := roleOf(tx, account, name)
	if errors.Is(err, store.ErrNotFound) {
		return role, refused // whether there is such a role is not for everybody to know
	}
	if err != nil {
		return role, err
	}
	conditions := caller.conditions(time.Now())
	conditions["sts:rolesessionname"] = []string{in.SessionName}
	if in.ExternalID != "" {
		conditions["sts:externalid"] = []string{in.ExternalID}
	}
	trusted := policy.Trusted{}
	if role.Name == OperatorRole {
		if caller.Identity.Operator && caller.Identity.Kind == store.User {
			trusted = policy.Trusted{Effect: policy.Allow, Grant: policy.ToAsker}
		}
	} else {
		trust, err := policy.Parse(policy.Trust, []byte(role.Trust))
		if err != nil {
			return role, fmt.Errorf("controlplane: the trust policy of role %s of %s: %w", role.Name, account, err)
		}
		trusted = policy.DecideTrust(trust, role.TrustIDs, actionToken+assumeRole, caller.Identity.asker(caller.Partition()), conditions)
	}
	if trusted.Effect != policy.Allow {
		return role, refused
	}
	p, err := s.permissionsOf(tx, caller.Identity)
	if err != nil {
		return role, err
	}
	granted := trusted.Grant
	if account != caller.Account && role.Name != OperatorRole {
		granted = policy.ToAccount
	}
	// The role's own spelling of its name, so that nobody gets past a denial by another.
	request := &policy.Request{Action: actionToken + assumeRole, Resource: roleARN(caller.Partition(), account, role.Name), Context: conditions}
	if caller.decide(p, request, granted).Effect != policy.Allow {
		return role, refused
	}
	return role, nil
}

func sessionPoliciesExist(tx *store.Tx, account string, arns []string) error {
	for _, arn := range arns {
		if _, err := attachedPolicy(tx, account, arn); errors.Is(err, store.ErrNotFound) {
			return invalidParameter("There is no policy %.256s.", arn)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// sessionLife is how long a session lasts. One that a role's session asks for lasts an hour at most.
func sessionLife(seconds int, most time.Duration, by *Identity) (time.Duration, error) {
	most = max(most, defaultSession)
	if by.Kind == store.Role {
		most = min(most, maxChained)
	}
	life := time.Duration(seconds) * time.Second
	switch {
	case seconds == 0:
		return defaultSession, nil
	case seconds < 0 || life < minSession || seconds > int(maxSession/time.Second):
		return 0, invalidParameter("1 validation error detected: Value '%d' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200", seconds)
	case life > most && by.Kind == store.Role:
		return 0, invalidParameter("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	case life > most:
		return 0, invalidParameter("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return life, nil
}

func parseRoleARN(arn string) (account, name string, err error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) == 6 && parts[0] == "arn" && parts[2] == "iam" && parts[3] == "" && directconnect.IsAccountID(parts[4]) {
		if name, ok := strings.CutPrefix(parts[5], "role/"); ok && principalName.MatchString(name) {
			return parts[4], name, nil
		}
	}
	return "", "", invalidParameter("%.256s is invalid", arn)
}

// CallerIdentity is what GetCallerIdentity answers.
type CallerIdentity struct{ Account, ARN, UserID string }

// GetCallerIdentity tells who asks, which everybody may know.
func (s *Service) GetCallerIdentity(caller Caller) CallerIdentity {
	id := caller.Identity
	if id.root() {
		id = &Identity{Account: caller.Account}
	}
	return CallerIdentity{Account: caller.Account, ARN: id.ARN(caller.Partition()), UserID: id.UserID()}
}

// GetSessionToken opens a session of a user or of the account itself. Whatever comes of it is recorded before it answers.
func (s *Service) GetSessionToken(ctx context.Context, caller Caller, seconds int) (TemporaryCredentials, error) {
	out, err := s.getSessionToken(caller, seconds)
	if err := s.recordSession(ctx, getSessionToken, sessionOpened{TemporaryCredentials: out}, err); err != nil {
		return TemporaryCredentials{}, err
	}
	return out, nil
}

func (s *Service) getSessionToken(caller Caller, seconds int) (TemporaryCredentials, error) {
	id := caller.Identity
	if id != nil && id.Session != nil {
		return TemporaryCredentials{}, accessDenied("Cannot call GetSessionToken with session credentials")
	}
	life, most := defaultUserSession, maxUserSession
	if id.root() {
		life, most = time.Hour, time.Hour
	}
	if seconds != 0 {
		life = time.Duration(seconds) * time.Second
		if seconds < int(minSession/time.Second) || seconds > int(maxUserSession/time.Second) {
			return TemporaryCredentials{}, invalidParameter("1 validation error detected: Value '%s' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 129600", strconv.Itoa(seconds))
		}
		life = min(life, most)
	}
	now := time.Now()
	t := sessionToken{Account: caller.Account, Issued: now, Expires: now.Add(life), Key: caller.AccessKeyID}
	if !id.root() {
		t.Kind, t.Name, t.ID = id.Kind, id.Name, id.ID
	}
	return s.openSession(t)
}
