//go:build !linux

package need

// tellGoCommand does nothing: only Linux lets a test reach the standard error
// of the go command. Use go test -v or make test-go to see what was skipped.
func tellGoCommand(string) {}
