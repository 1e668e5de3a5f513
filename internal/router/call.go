package router

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"onramp/internal/fabric/remote"
)

// Between two attempts to reach a server of the control plane.
const (
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	refusedPause = time.Minute // a refusal does not pass by itself
)

// call keeps a stream to each address of the control plane, and to none that is one no longer.
func (a *Agent) call() {
	if a.keys == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	wanted := map[string]bool{}
	for _, address := range a.Folder.addresses() {
		wanted[address] = true
		if a.at[address] == nil && a.watch.Err() == nil {
			ctx, cancel := context.WithCancel(a.watch)
			a.at[address] = cancel
			a.work.Go(func() { a.stay(ctx, address) })
		}
	}
	for address, cancel := range a.at {
		if !wanted[address] {
			cancel()
			delete(a.at, address)
		}
	}
}

// stay connects to a server again and again.
func (a *Agent) stay(ctx context.Context, address string) {
	log := a.Log.With("address", address)
	secure, err := remote.ClientTLS(a.keys.authority, a.keys.present)
	if err != nil {
		log.Error("the control plane cannot be called", "error", err)
		return
	}
	secure.Time = a.Now
	pause, said := firstPause, ""
	for ctx.Err() == nil {
		err := remote.Link(ctx, remote.LinkConfig{
			Address: address, TLS: secure, Station: a, Beat: a.Beat, Log: log,
			Linked: func() {
				log.Info("connected to the control plane")
				pause, said = firstPause, ""
			},
		})
		if ctx.Err() != nil {
			return
		}
		if text := err.Error(); text != said { // once, not at every attempt
			log.Warn("not connected to the control plane; the router goes on as it was told last", "error", err)
			said = text
		}
		wait := pause/2 + rand.N(pause/2)
		if errors.Is(err, remote.ErrRefused) {
			wait = refusedPause
		}
		pause = min(2*pause, longestPause)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}
