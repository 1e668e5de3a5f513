//go:build !linux

package speaker

func closeStrays(map[stray]bool) int { return 0 }
