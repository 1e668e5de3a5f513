//go:build !linux

package speaker

// linkDown says why a device carries nothing. Only Linux is asked.
func linkDown(string) string { return "" }
