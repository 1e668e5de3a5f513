package guest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// covered are the folders that are empty and in memory inside. /run comes first, as the machine's root is put below it.
var covered = []string{"/run", "/tmp", "/var/tmp"}

// machine is where the machine's file system, without what covers it, is seen inside while it boots.
const machine = "/run/machine"

func mountAll(o order) error {
	for _, m := range []struct{ kind, on string }{{"proc", "/proc"}, {"sysfs", "/sys"}} {
		if err := unix.Mount(m.kind, m.on, m.kind, 0, ""); err != nil {
			return fmt.Errorf("mount %s: %w", m.on, err)
		}
	}
	// A bind of the root taken before it is covered shows what the covers hide.
	visible := slices.Clone(o.Visible)
	for i, folder := range covered {
		if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "mode=1777"); err != nil {
			return fmt.Errorf("mount %s: %w", folder, err)
		}
		if i > 0 {
			continue
		}
		if err := os.Mkdir(machine, 0o755); err != nil {
			return err
		}
		if err := unix.Mount("/", machine, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("bind %s: %w", machine, err)
		}
	}
	slices.Sort(visible) // outer folders before those inside them
	for _, folder := range slices.Compact(visible) {
		if err := uncover(folder); err != nil {
			return err
		}
	}
	return unix.Unmount(machine, unix.MNT_DETACH)
}

// uncover makes a folder of the machine visible again if one of the covered ones hides it.
func uncover(folder string) error {
	hidden := slices.ContainsFunc(covered, func(c string) bool { return strings.HasPrefix(folder, c+"/") })
	if !hidden {
		return nil
	}
	if _, err := os.Stat(filepath.Join(machine, folder)); err != nil {
		return nil // it is not there on the machine either
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(filepath.Join(machine, folder), folder, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s: %w", folder, err)
	}
	return nil
}
