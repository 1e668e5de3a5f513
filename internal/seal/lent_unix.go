//go:build unix

package seal

import (
	"io/fs"
	"os"
	"syscall"
)

// lent reports whether a file belongs to another user than this process runs as.
func lent(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) != os.Geteuid()
}
