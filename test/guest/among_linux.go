package guest

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
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

// order divides tests into those that are to be alone and the rest, in which some are first.
func (o Options) order(tests []string) (alone, crowd []string) {
	var later []string
	for _, test := range tests {
		switch {
		case slices.Contains(o.Alone, test):
			alone = append(alone, test)
		case slices.Contains(o.First, test):
			crowd = append(crowd, test)
		default:
			later = append(later, test)
		}
	}
	return alone, append(crowd, later...)
}

// among runs each test in a guest, those that are to be alone one after the other and then the others a few at a time, in
// the order in which they are in the package but for those that are to be first. It answers the worst exit status.
func among(k kernel, o Options, bin string, tests []string) (worst int, err error) {
	_, below, deeper := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	var mu sync.Mutex // of what follows, and of standard output
	told := false
	each := func(tests []string, guests int) {
		var beside sync.WaitGroup
		for range min(guests, len(tests)) {
			beside.Go(func() {
				for {
					mu.Lock()
					if len(tests) == 0 || told || worst != 0 && flag.Lookup("test.failfast").Value.String() == "true" {
						mu.Unlock()
						return
					}
					test := tests[0]
					tests = tests[1:]
					mu.Unlock()
					pattern := "^" + test + "$"
					if deeper {
						pattern += "/" + below
					}
					wrote, status, failed := held(k, o, bin, pattern)
					mu.Lock()
					_, _ = os.Stdout.Write(bytes.TrimSuffix(wrote, []byte("PASS\n"))) // said once, in the end
					if failed != nil {
						fmt.Printf("--- FAIL: %s\nguest: %v\n", test, failed)
						status = max(status, 1)
					}
					told = told || errors.Is(failed, errTold)
					worst = max(worst, status)
					mu.Unlock()
				}
			})
		}
		beside.Wait()
	}
	alone, crowd := o.order(tests)
	each(alone, 1)
	each(crowd, o.Guests)
	if worst == 0 {
		fmt.Println("PASS")
	}
	return worst, nil
}

// held runs the tests of a pattern in a guest and answers what they wrote when it has ended, and their exit status.
func held(k kernel, o Options, bin, pattern string) (wrote []byte, status int, failed error) {
	status, failed = one(k, o, bin, append(os.Args[:len(os.Args):len(os.Args)], "-test.run="+pattern), func(output string) func() {
		return func() {
			text, err := os.ReadFile(output)
			if wrote = text; err != nil {
				wrote = fmt.Appendln(wrote, "guest: output:", err)
			}
		}
	})
	return wrote, status, failed
}
