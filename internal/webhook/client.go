package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"onramp/internal/event"
	"onramp/internal/store"
)

// What is read of an answer.
const (
	maxAnswer       = 16 << 10
	maxAnswerHeader = 16 << 10
)

var (
	errAddress  = errors.New("the receiver's address is not of the public Internet")
	errRedirect = errors.New("it sent elsewhere, and redirects are not followed")
)

// newClient is an HTTP client for addresses that somebody else has chosen: whatever a name resolves to is looked at when
// the connection is made, no proxy and no redirect leads elsewhere, and nothing goes on for longer than the timeout.
func newClient(c Config) *http.Client {
	dialer := &net.Dialer{Timeout: c.Timeout}
	if !c.AllowPrivate {
		dialer.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !event.PublicAddress(at.Addr()) {
				return errAddress
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:       c.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: c.Timeout, MaxResponseHeaderBytes: maxAnswerHeader,
			MaxIdleConnsPerHost: perWebhook, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}

// attempt sends an event once. A problem is why the receiver has not taken it, in words without the URL, which may hold a
// secret; empty: it has. status is 0 without an answer.
func (d *Dispatcher) attempt(ctx context.Context, w store.Webhook, c store.Delivery) (status int, problem string) {
	secret, err := d.Secret(w)
	if err != nil {
		return 0, "its signing secret cannot be opened"
	}
	url, err := d.URL(w)
	if err != nil {
		return 0, "its URL cannot be opened"
	}
	at := time.Now() // receivers hold it against the real time
	signature, err := event.Sign(secret, c.Event.ID, at, []byte(c.Event.Body))
	if err != nil {
		return 0, "its signing secret is damaged"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(c.Event.Body))
	if err != nil {
		return 0, "its URL is not one"
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Onramp/"+d.Version)
	r.Header.Set(event.HeaderID, c.Event.ID)
	r.Header.Set(event.HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(event.HeaderSignature, signature)
	answer, err := d.client.Do(r)
	if err != nil {
		return 0, reason(err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // so that the connection can be used again; what is longer ends it
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode <= 299:
		return answer.StatusCode, ""
	case answer.StatusCode >= 300 && answer.StatusCode <= 399:
		return answer.StatusCode, fmt.Sprintf("it answered %d: %v", answer.StatusCode, errRedirect)
	}
	return answer.StatusCode, "it answered " + strconv.Itoa(answer.StatusCode)
}

// reason puts an error into words without the URL.
func reason(err error) string {
	var outer *url.Error
	if errors.As(err, &outer) {
		if outer.Timeout() {
			return "it did not answer in time"
		}
		err = outer.Err
	}
	if errors.Is(err, errAddress) {
		return errAddress.Error()
	}
	return err.Error()
}
