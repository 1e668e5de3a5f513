package store

import (
	"runtime"
	"testing"
)

func TestWidth(t *testing.T) {
	t.Parallel()
	var d width
	d.init(4)
	commit := func(n int) {
		for range n {
			d.committed()
		}
	}
	check := func(want int) {
		t.Helper()
		if d.now != want {
			t.Fatalf("%d lanes, want %d", d.now, want)
		}
	}
	check(1)
	commit(shortRun - 1)
	check(1)
	commit(1)
	check(2)
	commit(10 * shortRun)
	check(4)
	d.collided()
	check(2)
	commit(2*shortRun - 1) // twice as long a run is asked for
	check(2)
	commit(1)
	check(3)
	for range 20 {
		d.collided()
	}
	check(1)
	commit(longRun)
	check(2)
}

// A function that ends its goroutine, as testing.T.FailNow does, fails its Update and not the store.
func TestFunctionEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, engines["sqlite"](t))
	err := s.Update(t.Context(), func(tx *Tx) error {
		if err := tx.PutSetting("name", "value"); err != nil {
			return err
		}
		runtime.Goexit()
		return nil
	})
	if err == nil {
		t.Error("Update succeeded")
	}
	err = s.Update(t.Context(), func(tx *Tx) error {
		if _, err := tx.Setting("name"); err == nil {
			t.Error("what the function wrote is there")
		}
		return tx.PutSetting("name", "other")
	})
	if err != nil {
		t.Errorf("the next Update: %v", err)
	}
}
