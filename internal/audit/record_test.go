package audit

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var at = time.Date(2026, time.March, 2, 9, 0, 0, 123456000, time.UTC)

// call is a record as the service makes one of a call.
func call() Record {
	return Record{
		Type: APICall, Time: at, EventID: "e", RequestID: "r", Source: Service, Name: "CreateConnection", Region: "us-east-1",
		Identity: Identity{
			Type: "AssumedRole", PrincipalID: "P", ARN: "arn:aws:sts::111111111111:assumed-role/a/b", Account: "111111111111", AccessKeyID: "ASIAX",
			Session: &Session{Issuer: Identity{Type: "Role", ARN: "arn:aws:iam::111111111111:role/a", UserName: "a"}, Created: at},
		},
		SourceIP: "192.0.2.1", UserAgent: "aws-cli/2", Request: []byte(`{"location":"EqDC2"}`), Response: []byte(`{"connectionId":"dxcon-ffabc123"}`),
		Resources: []Resource{{ARN: "arn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-ffabc123", Account: "111111111111", Type: "AWS::DirectConnect::Connection"}},
		Account:   "111111111111",
	}
}

func TestRecordShape(t *testing.T) {
	t.Parallel()
	r := call()
	want := `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"P",` +
		`"arn":"arn:aws:sts::111111111111:assumed-role/a/b","accountId":"111111111111","accessKeyId":"ASIAX","sessionContext":{` +
		`"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111111111111:role/a","userName":"a"},` +
		`"attributes":{"creationDate":"2026-03-02T09:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2026-03-02T09:00:00Z",` +
		`"eventSource":"directconnect.amazonaws.com","eventName":"CreateConnection","awsRegion":"us-east-1",` +
		`"sourceIPAddress":"192.0.2.1","userAgent":"aws-cli/2","requestParameters":{"location":"EqDC2"},` +
		`"responseElements":{"connectionId":"dxcon-ffabc123"},"requestID":"r","eventID":"e","readOnly":false,` +
		`"resources":[{"accountId":"111111111111","type":"AWS::DirectConnect::Connection",` +
		`"ARN":"arn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-ffabc123"}],"eventType":"AwsApiCall",` +
		`"managementEvent":true,"recipientAccountId":"111111111111","eventCategory":"Management"}`
	if diff := cmp.Diff(want, string(r.Append(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a client sends cannot break out of the record, nor fill the disk.
func TestRecordOfHostileTexts(t *testing.T) {
	t.Parallel()
	r := call()
	r.UserAgent = "a\"}\n\x00\xff\u2028é" + strings.Repeat("x", 5000)
	r.Request = []byte(`"` + strings.Repeat("y", longestElement) + `"`)
	r.Response, r.ErrorCode, r.ErrorMessage = nil, `c\`, "m\r"
	line := r.Append(nil)
	if strings.ContainsAny(string(line), "\n\r\x00") {
		t.Error("the record is not on one line")
	}
	if len(line) > 4000 {
		t.Errorf("the record has %d bytes", len(line))
	}
	var read struct {
		UserAgent         string
		ErrorCode         string
		RequestParameters struct {
			Omitted      bool
			OriginalSize int
		}
		ResponseElements *struct{}
	}
	if err := json.Unmarshal(line, &read); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(read.UserAgent, "a\"}\n\x00\uFFFD\u2028éx") || read.ErrorCode != `c\` || read.ResponseElements != nil ||
		!read.RequestParameters.Omitted || read.RequestParameters.OriginalSize != longestElement+2 {
		t.Errorf("read back: %+v", read)
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	e := Change{
		Time: at, Name: "ConnectionStateChange", Kind: Connection, ID: "dxcon-ffabc123", Account: "111111111111", Region: "us-east-1",
		Partition: "aws", From: "available", To: "down", Reason: "no light",
	}.Entry()
	var got struct {
		EventType, EventName, RecipientAccountID, EventID string
		ServiceEventDetails                               map[string]string
		UserIdentity                                      map[string]string
		Resources                                         []map[string]string
	}
	if err := json.Unmarshal([]byte(e.Body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.EventID) != 36 {
		t.Errorf("event ID %q", got.EventID)
	}
	got.EventID = ""
	want := got
	want.EventType, want.EventName, want.RecipientAccountID = ServiceEvent, "ConnectionStateChange", "111111111111"
	want.ServiceEventDetails = map[string]string{"resourceId": "dxcon-ffabc123", "previousState": "available", "state": "down", "reason": "no light"}
	want.UserIdentity = map[string]string{"type": "AWSService", "accountId": "111111111111", "invokedBy": Service}
	want.Resources = []map[string]string{{
		"accountId": "111111111111", "type": "AWS::DirectConnect::Connection", "ARN": "arn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-ffabc123",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"dxcon-ffabc123"}, e.Resources); diff != "" {
		t.Errorf("found by (-want +got):\n%s", diff)
	}
}

// What is too long for a record is told to have been there; a policy document of the longest that IAM takes is not.
func TestObjectOfLongMembers(t *testing.T) {
	t.Parallel()
	document := Text(strings.Repeat(`"`, 10240))
	got := string(ObjectOf(Object("path", "/x"), []Member{{"policyDocument", document}, {"reason", Text(strings.Repeat("x", longestMember))}}))
	want := `{"path":"/x","policyDocument":` + string(document) + `,"reason":{"omitted":true,"originalSize":65538,"reason":"too long for a record"}}`
	if got != want {
		t.Errorf("%.200s ... %s", got, got[len(got)-100:])
	}
}
