package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"onramp/internal/controlplane"
)

const (
	region  = "us-east-1"
	service = "directconnect"
	agent   = "aws-sdk-go-v2/1.47.7 ua/2.1 os/linux lang/go#1.26 md/GOOS#linux md/GOARCH#amd64 api/directconnect#1.55.7 m/E"
	signs   = "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-date;x-amz-target"
)

// signer makes requests as the AWS SDK for Go sends them, whole and signed in advance, so that the load costs little
// while it is measured. They are good for five minutes.
type signer struct {
	host string
	at   time.Time
	keys map[string][]byte // of accounts; in open mode an account's number is its access key
}

func newSigner(host string) *signer {
	return &signer{host: host, at: time.Now().UTC(), keys: map[string][]byte{}}
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func digest(text []byte) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

// key is the signing key of an account for the day (IAM user guide, "Create a signed AWS API request").
func (s *signer) key(account, day string) []byte {
	key, ok := s.keys[account]
	if !ok {
		key = sum([]byte("AWS4"+controlplane.OpenSecret), day)
		for _, part := range []string{region, service, "aws4_request"} {
			key = sum(key, part)
		}
		s.keys[account] = key
	}
	return key
}

// request is one call of an operation, as bytes on the wire.
func (s *signer) request(account, operation, body string) []byte {
	date := s.at.Format("20060102T150405Z")
	scope := date[:8] + "/" + region + "/" + service + "/aws4_request"
	const call = "5f1f3b2a-7f6b-4b1e-9a53-3b8a3f6c2d10"
	headers := []string{
		"amz-sdk-invocation-id", call,
		"amz-sdk-request", "attempt=1; max=3",
		"content-length", strconv.Itoa(len(body)),
		"content-type", "application/x-amz-json-1.1",
		"host", s.host,
		"x-amz-date", date,
		"x-amz-target", "OvertureService." + operation,
	}
	var canonical, wire bytes.Buffer
	canonical.WriteString("POST\n/\n\n")
	wire.WriteString("POST / HTTP/1.1\r\n")
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&canonical, "%s:%s\n", headers[i], headers[i+1])
		fmt.Fprintf(&wire, "%s: %s\r\n", headers[i], headers[i+1])
	}
	fmt.Fprintf(&canonical, "\n%s\n%s", signs, digest([]byte(body)))
	toSign := strings.Join([]string{"AWS4-HMAC-SHA256", date, scope, digest(canonical.Bytes())}, "\n")
	fmt.Fprintf(&wire, "user-agent: %s\r\naccept-encoding: identity\r\n", agent)
	fmt.Fprintf(&wire, "authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x\r\n\r\n%s",
		account, scope, signs, sum(s.key(account, date[:8]), toSign), body)
	return wire.Bytes()
}
