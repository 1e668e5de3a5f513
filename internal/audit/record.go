// Package audit says what a trail of records is: a record of one call or one change of state in the shape of AWS
// CloudTrail, what is masked in it, and the chain of hashes by which a record that is missing, changed or moved shows.
//
// It keeps nothing and asks no clock: package store keeps records and links them, package controlplane says what is
// recorded. It is not a log of what the program does for itself.
package audit

import (
	"time"
)

// Version is the version of the record's shape (CloudTrail User Guide, "CloudTrail record contents": eventVersion).
const Version = "1.11"

// Service is what the API goes by in eventSource (Direct Connect User Guide, "Logging API calls").
const Service = "directconnect.amazonaws.com"

// Tokens is the eventSource of AWS STS.
const Tokens = "sts.amazonaws.com"

// Operator is the eventSource of what the operator of the installation asked for. The real service has no such thing.
const Operator = "operator.onramp"

// The kinds of record (CloudTrail User Guide: eventType).
const (
	APICall      = "AwsApiCall"
	ServiceEvent = "AwsServiceEvent" // nobody asked: a state changed by itself
)

// Record is one call, or one change of state. Texts may be anything that a client sent; JSON members must be JSON.
type Record struct {
	Type      string // APICall or ServiceEvent
	Time      time.Time
	EventID   string // lower-case UUID
	RequestID string // empty: nobody requested it
	Identity  Identity
	Source    string // Service or Operator
	Name      string // of the operation or the change
	Region    string
	SourceIP  string
	UserAgent string
	ReadOnly  bool
	Request   []byte // masked JSON; nil: null
	Response  []byte // masked JSON; nil: null
	Details   []byte // masked JSON of a ServiceEvent; nil: left out
	// ErrorCode and ErrorMessage are what the caller was told; empty of what succeeded.
	ErrorCode, ErrorMessage string
	Resources               []Resource
	Account                 string // whose trail it belongs to; empty: nobody's, as of a caller that was not proved
	// SharedEventID is the same in the records that two accounts have of one event; empty: there is one record only.
	SharedEventID string
}

// Identity is who asked (CloudTrail User Guide, "userIdentity element").
type Identity struct {
	Type        string // Root, IAMUser, AssumedRole, AWSAccount (of another than the record's), AWSService, Operator, Unknown
	PrincipalID string
	ARN         string
	Account     string
	AccessKeyID string
	UserName    string
	InvokedBy   string
	// Session is of temporary credentials; nil for others.
	Session *Session
}

// Session is where temporary credentials came from.
type Session struct {
	Issuer  Identity  // the role or user; zero: not known
	Created time.Time // zero: not known
	// Source is who opened the session, where the session's own name does not prove it; empty: the issuer's account knows.
	Source string
}

const (
	longestUserAgent = 1 << 10
	longestElement   = 100 << 10 // of Request, Response and Details: CloudTrail leaves out what is longer than 100 KB
)

// Append writes the record as one line of compact JSON.
func (r *Record) Append(dst []byte) []byte {
	o := object{dst: dst}
	o.open()
	o.text("eventVersion", Version)
	o.key("userIdentity")
	o.identity(r.Identity)
	o.text("eventTime", r.Time.UTC().Format(time.RFC3339))
	o.text("eventSource", r.Source)
	o.text("eventName", r.Name)
	o.text("awsRegion", r.Region)
	o.text("sourceIPAddress", r.SourceIP)
	o.text("userAgent", cut(r.UserAgent, longestUserAgent))
	o.some("errorCode", r.ErrorCode)
	o.some("errorMessage", r.ErrorMessage)
	o.element("requestParameters", r.Request, longestElement)
	o.element("responseElements", r.Response, longestElement)
	if r.Details != nil {
		o.element("serviceEventDetails", r.Details, longestElement)
	}
	o.some("requestID", r.RequestID)
	o.text("eventID", r.EventID)
	o.flag("readOnly", r.ReadOnly)
	o.resources(r.Resources)
	o.text("eventType", r.Type)
	o.flag("managementEvent", true)
	o.text("recipientAccountId", r.Account)
	o.some("sharedEventID", r.SharedEventID)
	o.text("eventCategory", "Management")
	o.close()
	return o.dst
}

func (o *object) identity(i Identity) {
	o.open()
	o.text("type", i.Type)
	o.some("principalId", i.PrincipalID)
	o.some("arn", i.ARN)
	o.some("accountId", i.Account)
	o.some("accessKeyId", i.AccessKeyID)
	o.some("userName", i.UserName)
	if s := i.Session; s != nil {
		o.key("sessionContext")
		o.open()
		if s.Issuer != (Identity{}) {
			o.key("sessionIssuer")
			o.identity(s.Issuer)
		}
		o.key("attributes")
		o.open()
		if !s.Created.IsZero() {
			o.text("creationDate", s.Created.UTC().Format(time.RFC3339))
		}
		o.text("mfaAuthenticated", "false")
		o.close()
		o.some("sourceIdentity", s.Source)
		o.close()
	}
	o.some("invokedBy", i.InvokedBy)
	o.close()
}

func (o *object) resources(all []Resource) {
	if len(all) == 0 {
		return
	}
	o.key("resources")
	o.dst = append(o.dst, '[')
	for i, r := range all {
		if i > 0 {
			o.dst = append(o.dst, ',')
		}
		o.open()
		o.some("accountId", r.Account)
		o.text("type", r.Type)
		o.text("ARN", r.ARN)
		o.close()
	}
	o.dst = append(o.dst, ']')
}
