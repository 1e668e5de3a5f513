package backup

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"

	"onramp/internal/onramptest"
)

// A deed is what a writer has asked for and was answered. began and ended are of one counter for all writers: what ended
// before another began has happened before it.
type deed struct {
	writer       int
	began, ended int64
	created      string // a connection's ID
	deleted      string
}

// ledger is all that was done.
type ledger struct {
	clock atomic.Int64
	mu    sync.Mutex
	more  *sync.Cond
	deeds []deed
	over  bool // a writer has failed
}

func newLedger() *ledger {
	l := &ledger{}
	l.more = sync.NewCond(&l.mu)
	return l
}

func (l *ledger) put(d deed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deeds = append(l.deeds, d)
	l.more.Broadcast()
}

// waitFor waits until so many deeds were done after now.
func (l *ledger) waitFor(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for want := len(l.deeds) + n; len(l.deeds) < want && !l.over; {
		l.more.Wait()
	}
}

func (l *ledger) giveUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	l.more.Broadcast()
}

func (l *ledger) all() []deed {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]deed{}, l.deeds...)
}

// writers order and delete connections until stop is called; each has its account, and a few connections at a time.
func writers(t *testing.T, srv *onramptest.Server, l *ledger, n int) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	for i := range n {
		c := srv.Client([]string{"111111111111", "222222222222", "333333333333", "444444444444"}[i], "us-east-1")
		client := directconnect.New(directconnect.Options{
			BaseEndpoint: &c.Endpoint, Region: c.Region, Credentials: credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, ""),
		})
		work.Go(func() {
			for live := []string{}; ctx.Err() == nil; {
				d := deed{writer: i, began: l.clock.Add(1)}
				var err error
				if len(live) < 3 {
					d.created, err = order(t.Context(), client)
					live = append(live, d.created)
				} else {
					d.deleted, live = live[0], live[1:]
					_, err = client.DeleteConnection(t.Context(), &directconnect.DeleteConnectionInput{ConnectionId: &d.deleted})
				}
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
					cancel()
					l.giveUp()
					return
				}
				d.ended = l.clock.Add(1)
				l.put(d)
			}
		})
	}
	return func() {
		cancel()
		work.Wait()
	}
}

func order(ctx context.Context, client *directconnect.Client) (string, error) {
	out, err := client.CreateConnection(ctx, &directconnect.CreateConnectionInput{
		Location: aws.String("EqDC2"), Bandwidth: aws.String("1Gbps"), ConnectionName: aws.String("under load"),
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.ConnectionId), nil
}
