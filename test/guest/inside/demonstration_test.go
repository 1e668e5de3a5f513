package inside

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"onramp/test/need"
)

// TestDemonstration does what package guest's tests ask for, in a go test that they watch.
func TestDemonstration(t *testing.T) {
	switch os.Getenv("ONRAMP_GUEST_DEMONSTRATION") {
	case "fail":
		t.Error("failed on purpose")
	case "panic":
		panic("panicked on purpose")
	case "skip":
		need.Program(t, "a-program-that-nobody-has")
	case "hang":
		<-t.Context().Done()
	case "exit":
		os.Exit(7)
	case "kernel":
		fmt.Println("about to crash the kernel")
		if err := os.WriteFile("/proc/sysrq-trigger", []byte("c"), 0); err != nil {
			t.Error(err)
		}
		<-t.Context().Done()
	case "orphan":
		if err := exec.Command("sh", "-c", "sleep 1000 &").Run(); err != nil {
			t.Error(err)
		}
	}
}

func TestOther(t *testing.T) {
	t.Log("the other test ran")
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) { t.Log("and its part", name) })
	}
}
