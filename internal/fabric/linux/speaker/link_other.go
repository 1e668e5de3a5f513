//go:build !linux

package speaker

import "context"

// linkDown says why a device carries nothing. Only Linux is asked.
func linkDown(string) string { return "" }

func watchLinks(context.Context, func()) error { return nil }
