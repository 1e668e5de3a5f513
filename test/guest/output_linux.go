package guest

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// look is how often the output is looked at: there is nothing to wait for in a file of another kernel.
const look = 20 * time.Millisecond

// showing copies what is appended to a file to standard output until the function that it answers is called; that one
// returns when all of it is shown.
func showing(path string) (stop func()) {
	f, err := os.Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, "guest:", err)
		return func() {}
	}
	var wg sync.WaitGroup
	end := make(chan struct{})
	wg.Go(func() {
		defer f.Close()
		tick := time.NewTicker(look)
		defer tick.Stop()
		for last := false; ; {
			if _, err := io.Copy(os.Stdout, f); err != nil {
				fmt.Fprintln(os.Stderr, "guest: output:", err)
				return
			}
			if last {
				return
			}
			select {
			case <-end:
				last = true
			case <-tick.C:
			}
		}
	})
	return func() { close(end); wg.Wait() }
}
