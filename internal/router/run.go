package router

import (
	"context"
	"errors"
	"time"
)

// Run is an agent from its start until ctx ends: it takes the folder at path, starts, and answers onramp router plan. What
// it drives goes on as it is.
func Run(ctx context.Context, path string, c Config) error {
	f, err := waitFolder(ctx, path)
	if err != nil {
		return err
	}
	c.Folder = f
	a, err := Start(ctx, c)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	a.Log.Info("the agent runs", "router", f.Router(), "state", path)
	if err = a.Serve(ctx); err != nil && ctx.Err() == nil {
		a.Log.Warn("onramp router plan will not reach this agent", "error", err)
		<-ctx.Done()
	}
	a.Log.Info("the agent ends, and leaves the router as it is")
	return errors.Join(a.Close(), f.Close())
}

// Another verb may hold the folder for a moment.
const (
	folderWait  = 3 * time.Second
	folderPause = 50 * time.Millisecond
)

// waitFolder opens a folder that is about to be free.
func waitFolder(ctx context.Context, path string) (*Folder, error) {
	ctx, cancel := context.WithTimeout(ctx, folderWait)
	defer cancel()
	for {
		f, err := OpenFolder(path)
		if !errors.Is(err, ErrRunning) {
			return f, err
		}
		timer := time.NewTimer(folderPause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, err
		case <-timer.C:
		}
	}
}
