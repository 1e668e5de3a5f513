package linuxtest

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"onramp/internal/fabric"
)

func contains(text string, any ...string) bool {
	for _, a := range any {
		if strings.Contains(text, a) {
			return true
		}
	}
	return false
}

// resident is how much memory this process has, in bytes: the driver and its test.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestThousand makes a router with a thousand interfaces, and one change on it. The times and the memory are printed; what is
// held is that the change costs a small part of the whole, and that nothing is left when all is removed.
func TestThousand(t *testing.T) {
	b := newBench(t, 1)
	const many = 1_000
	in := fabric.Intent{Ports: []fabric.Port{port(0, "")}}
	for i := range 10 {
		in.VRFs = append(in.VRFs, fabric.VRF{Name: fmt.Sprintf("gateway-%02d", i), LocalASN: 64512})
	}
	for i := range many {
		in.Interfaces = append(in.Interfaces, fabric.Interface{Name: fmt.Sprintf("dxvif-%08d", i), Link: "et0", VLAN: 1 + i, MTU: 1500,
			VRF: in.VRFs[i%10].Name, RateMbps: 50})
	}
	begun := time.Now()
	b.apply(in)
	whole := time.Since(begun)
	b.settled(in)
	begun = time.Now()
	b.apply(in)
	same := time.Since(begun)
	memory := resident(t)
	in.Interfaces[500].RateMbps = 100
	begun = time.Now()
	b.apply(in)
	one := time.Since(begun)
	begun = time.Now()
	b.gone()
	t.Logf("1000 interfaces: %v; the same again: %v; one change: %v; removed: %v; memory: %d MiB", whole, same, one, time.Since(begun), memory>>20)
	if one > whole/3 {
		t.Errorf("one change takes %v, all of them %v", one, whole)
	}
}
