package linux

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// localPreference is where the rule of table local goes: behind the one that looks VRFs up (1000), before that of table
// main (32766). At 0, where the kernel has it, an address of the host's own would win over the same one in a customer's
// network (kernel documentation, networking/vrf).
const localPreference = 32765

const (
	forwarding6 = "/proc/sys/net/ipv6/conf/all/forwarding"
	devices6    = "/proc/sys/net/ipv6/conf"
)

// readSettings reads what concerns the whole namespace. A kernel without IPv6 counts as set.
func readSettings(s *snapshot) error {
	value, err := os.ReadFile(forwarding6)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.Settings.Forwarding6, s.Settings.LocalLast6 = true, true
	case err != nil:
		return err
	default:
		s.Settings.Forwarding6 = strings.TrimSpace(string(value)) != "0"
		if s.Settings.LocalLast6, err = localIsLast(netlink.FAMILY_V6); err != nil {
			return err
		}
	}
	s.Settings.LocalLast4, err = localIsLast(netlink.FAMILY_V4)
	return err
}

// localIsLast reports whether table local is looked up behind the VRFs' tables.
func localIsLast(family int) (bool, error) {
	rules, err := netlink.RuleList(family)
	if err != nil {
		return false, fmt.Errorf("rules: %w", err)
	}
	for _, r := range rules {
		if r.Table == unix.RT_TABLE_LOCAL && r.Priority < 1000 {
			return false, nil
		}
	}
	return true, nil
}

func localRule(family, preference int) *netlink.Rule {
	r := netlink.NewRule()
	r.Family, r.Priority, r.Table, r.Protocol = family, preference, unix.RT_TABLE_LOCAL, protocol
	return r
}

// moveLocal puts table local's rule at preference to and takes it from the other, in this order: an address is never
// without it.
func moveLocal(family, from, to int) error {
	add, remove := localRule(family, to), localRule(family, from)
	if to == 0 {
		add.Protocol = unix.RTPROT_KERNEL
	} else {
		remove.Protocol = 0
	}
	if err := netlink.RuleAdd(add); err != nil && !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("rule of table local at %d: %w", to, err)
	}
	if err := netlink.RuleDel(remove); err != nil && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("rule of table local at %d: %w", from, err)
	}
	return nil
}

// restoreLocal undoes moveLocal where our rule is there.
func restoreLocal() error {
	var errs []error
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		rules, err := netlink.RuleList(family)
		errs = append(errs, err)
		for _, r := range rules {
			if r.Table == unix.RT_TABLE_LOCAL && r.Protocol == protocol {
				errs = append(errs, moveLocal(family, r.Priority, 0))
			}
		}
	}
	return errors.Join(errs...)
}

// setForwarding6 makes the host an IPv6 router: the kernel has one switch for all devices. A device that learned its own
// address from router advertisements goes on doing so (accept_ra 2). What was changed is kept in a file, for Remove.
func setForwarding6(stateDir string) error {
	var lines []string
	files, err := filepath.Glob(filepath.Join(devices6, "*", "accept_ra"))
	if err != nil {
		return err
	}
	for _, f := range files {
		now, err := os.ReadFile(f)
		own, errOwn := os.ReadFile(filepath.Join(filepath.Dir(f), "forwarding"))
		if err != nil || errOwn != nil || strings.TrimSpace(string(now)) != "1" || strings.TrimSpace(string(own)) != "0" {
			continue // gone meanwhile, or no host
		}
		if name := filepath.Base(filepath.Dir(f)); name != "all" && name != "default" {
			lines = append(lines, name)
		}
	}
	if err := os.MkdirAll(stateDir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(found6(stateDir), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		return err
	}
	for _, name := range lines {
		if err := os.WriteFile(filepath.Join(devices6, name, "accept_ra"), []byte("2"), 0o644); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.WriteFile(forwarding6, []byte("1"), 0o644)
}

// found6 is the file that says which devices took router advertisements before we switched forwarding on; it is there only
// if it was off.
func found6(stateDir string) string { return filepath.Join(stateDir, "ipv6-forwarding-was-off") }

// restoreForwarding6 undoes setForwarding6, if it was done.
func restoreForwarding6(stateDir string) error {
	text, err := os.ReadFile(found6(stateDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(forwarding6, []byte("0"), 0o644); err != nil {
		return err
	}
	for _, name := range strings.Fields(string(text)) {
		if err := os.WriteFile(filepath.Join(devices6, name, "accept_ra"), []byte("1"), 0o644); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Remove(found6(stateDir))
}
