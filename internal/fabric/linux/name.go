package linux

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// marker begins the alias of every device that is ours.
const marker = "onramp:"

// group is the device group (IFLA_GROUP) of the devices that we make. The alias can only be set after a device is made, the
// group with it: a device that was being made when we were killed is known by it.
const group = 0x6f6e7270 // "onrp"

// nameLength is what a device's name may have at most (IFNAMSIZ less one).
const nameLength = 15

// deviceName is the name of a device: the thing's own where the kernel takes it and it is plainly ours, "dxvif-ab12cd34";
// otherwise a prefix that tells the kind, and a hash.
func deviceName(k kind, label string) string {
	if strings.HasPrefix(label, "dx") && len(label) <= nameLength && !strings.ContainsAny(label, "/: \t\n") {
		return label
	}
	sum := sha256.Sum256([]byte(label))
	return "dx" + [...]string{"p", "m", "k", "a", "b", "l", "r", "s", "o", "v", "n", "g"}[k] + "-" + hex.EncodeToString(sum[:5])
}

// The labels of devices that the intent has no name of their own for.

func outerLabel(link string, vlan int) string { return fmt.Sprintf("%s s-vlan %d", link, vlan) }
func macsecLabel(port string) string          { return port + " macsec" }
func slotLabel(port string, n int) string     { return fmt.Sprintf("%s macsec slot %d", port, n) }
func patchLabel(port string) string           { return port + " patch" }
func memberLabel(port string) string          { return port + " member" }
func shaperLabel(of string) string            { return of + " intake" }
func networkLabel(vrf string) string          { return vrf + " networks" }

const foundWith = " (found with mtu "

// alias is what marks a device.
func (d device) alias() string {
	if d.Kind == kindPort {
		return marker + d.Label + foundWith + strconv.Itoa(d.FoundMTU) + ")"
	}
	return marker + d.Label
}

// parseAlias reads an alias: what the device is called, and the MTU that a port was found with, 0 for a device that we made.
func parseAlias(alias string) (label string, foundMTU int, ours bool) {
	label, ours = strings.CutPrefix(alias, marker)
	if !ours {
		return "", 0, false
	}
	if i := strings.LastIndex(label, foundWith); i >= 0 {
		if mtu, err := strconv.Atoi(strings.TrimSuffix(label[i+len(foundWith):], ")")); err == nil && mtu > 0 {
			return label[:i], mtu, true
		}
	}
	return label, 0, true
}
