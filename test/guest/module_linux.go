package guest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// modprobe is the program that the kernel calls when it misses a module.
const modprobe = "/run/guest/modprobe"

// autoload lets the kernel load its modules itself. They are not where modprobe looks, and that folder is the machine's.
func autoload(o order) error {
	root := filepath.Join(filepath.Dir(modprobe), "root")
	if err := os.MkdirAll(filepath.Join(root, "lib/modules"), 0o755); err != nil {
		return err
	}
	if err := os.Symlink(o.Modules, filepath.Join(root, "lib/modules", filepath.Base(o.Modules))); err != nil {
		return err
	}
	script := "#!/bin/sh\nexec /sbin/modprobe -d " + root + " \"$@\"\n"
	if err := os.WriteFile(modprobe, []byte(script), 0o755); err != nil {
		return err
	}
	return os.WriteFile("/proc/sys/kernel/modprobe", []byte(modprobe), 0)
}

// load loads the modules that were asked for, with those that they need, and IPv6 before the first program may want it.
func load(o order) error {
	needs, err := dependencies(filepath.Join(o.Modules, "modules.dep"))
	if err != nil {
		return err
	}
	builtin, err := os.ReadFile(filepath.Join(o.Modules, "modules.builtin"))
	if err != nil {
		return err
	}
	for _, wanted := range append([]string{"ipv6"}, o.Load...) {
		name, parameters, _ := strings.Cut(wanted, " ")
		files, ok := needs[normal(name)]
		if !ok && strings.Contains(normal(string(builtin)), "/"+normal(name)+".ko\n") {
			continue
		}
		if !ok {
			return fmt.Errorf("the kernel has no module %s", name)
		}
		for i := len(files) - 1; i >= 0; i-- { // what it needs stands behind it
			own := ""
			if i == 0 {
				own = parameters
			}
			if err := insert(filepath.Join(o.Modules, files[i]), own); err != nil {
				return fmt.Errorf("module %s: %s: %w", name, files[i], err)
			}
		}
	}
	return nil
}

// normal is a module's name as the kernel spells it: in files - and _ are the same.
func normal(name string) string { return strings.ReplaceAll(name, "-", "_") }

// dependencies reads modules.dep (modules.dep(5)): by module, its file and those of the modules that it needs.
func dependencies(file string) (map[string][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	needs := map[string][]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		first, rest, _ := strings.Cut(lines.Text(), ":")
		name, _, _ := strings.Cut(filepath.Base(first), ".ko")
		needs[normal(name)] = append([]string{first}, strings.Fields(rest)...)
	}
	return needs, lines.Err()
}

func insert(file, parameters string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.FinitModule(int(f.Fd()), parameters, 0); !errors.Is(err, unix.EEXIST) {
		return err
	}
	return nil
}

func lo(order) error {
	link, err := netlink.LinkByName("lo")
	if err != nil {
		return fmt.Errorf("lo: %w", err)
	}
	return netlink.LinkSetUp(link)
}
