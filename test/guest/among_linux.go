package guest

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// wholes are flags of package testing that make sense for all tests of a package together only.
var wholes = []string{"test.coverprofile", "test.cpuprofile", "test.memprofile", "test.blockprofile", "test.mutexprofile", "test.trace",
	"test.fuzz", "test.bench", "test.shuffle"}

// each are the tests of this run, if each is to have a guest of its own.
func each(o Options) []string {
	if o.Guests < 2 {
		return nil
	}
	for _, name := range wholes {
		if f := flag.Lookup(name); f != nil && f.Value.String() != f.DefValue {
			return nil
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	pattern, _, _ := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	list := exec.Command(self, "-test.list="+cmp.Or(pattern, ".")) // with an empty one it would run them all
	names, err := list.Output()
	if err != nil {
		return nil // the run itself says what is wrong
	}
	var tests []string
	for _, name := range strings.Fields(string(names)) {
		if strings.HasPrefix(name, "Test") {
			tests = append(tests, name)
		}
	}
	return tests
}

// among runs each test in a guest, a few at a time, in the order in which they are in the package. It answers the worst
// exit status.
func among(k kernel, o Options, bin string, tests []string) (worst int, err error) {
	_, below, deeper := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	var mu sync.Mutex // of what follows, and of standard output
	next := 0
	take := func() (string, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(tests) || worst != 0 && flag.Lookup("test.failfast").Value.String() == "true" {
			return "", false
		}
		next++
		return tests[next-1], true
	}
	var guests sync.WaitGroup
	for range min(o.Guests, len(tests)) {
		guests.Go(func() {
			for test, more := take(); more; test, more = take() {
				pattern := "^" + test + "$"
				if deeper {
					pattern += "/" + below
				}
				var wrote bytes.Buffer
				status, failed := one(k, o, bin, append(os.Args[:len(os.Args):len(os.Args)], "-test.run="+pattern), func(output string) func() {
					return func() {
						text, err := os.ReadFile(output)
						if wrote.Write(text); err != nil {
							fmt.Fprintln(&wrote, "guest: output:", err)
						}
					}
				})
				mu.Lock()
				_, _ = os.Stdout.Write(bytes.TrimSuffix(wrote.Bytes(), []byte("PASS\n"))) // said once, in the end
				if failed != nil {
					fmt.Printf("--- FAIL: %s\nguest: %v\n", test, failed)
					status = max(status, 1)
				}
				if errors.Is(failed, errTold) {
					next = len(tests)
				}
				worst = max(worst, status)
				mu.Unlock()
			}
		})
	}
	guests.Wait()
	if worst == 0 {
		fmt.Println("PASS")
	}
	return worst, nil
}
