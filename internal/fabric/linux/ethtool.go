package linux

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The commands of ethtool that are used (linux/ethtool.h).
const (
	ethtoolGetSettings   = 0x1
	ethtoolGetModuleInfo = 0x42
	ethtoolGetModule     = 0x43
)

// ethtoolSettings is struct ethtool_cmd.
type ethtoolSettings struct {
	cmd, supported, advertising                   uint32
	speed                                         uint16
	duplex, port, phy, transceiver, autoneg, mdio uint8
	maxTx, maxRx                                  uint32
	speedHigh                                     uint16
	tp, tpControl                                 uint8
	lpAdvertising                                 uint32
	reserved                                      [2]uint32
}

// moduleInfo is struct ethtool_modinfo.
type moduleInfo struct {
	cmd, what, length uint32
	reserved          [8]uint32
}

// moduleBytes is the most of a module's memory that is read: A0h and A2h of an SFP, or the lower page and the first upper
// one of a QSFP.
const moduleBytes = 512

// moduleData is struct ethtool_eeprom with room for data.
type moduleData struct {
	cmd, magic, offset, length uint32
	data                       [moduleBytes]byte
}

// ethtool asks the driver of a device.
func ethtool(device string, argument unsafe.Pointer) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	var request struct {
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [16]byte // struct ifreq is longer
	}
	copy(request.name[:unix.IFNAMSIZ-1], device)
	request.data = argument
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return fmt.Errorf("ethtool %s: %w", device, errno)
	}
	return nil
}

// speedMbps is the line rate of a port; 0: it does not say.
func speedMbps(device string) int64 {
	s := ethtoolSettings{cmd: ethtoolGetSettings}
	if ethtool(device, unsafe.Pointer(&s)) != nil {
		return 0
	}
	mbps := uint32(s.speedHigh)<<16 | uint32(s.speed)
	if mbps == 1<<32-1 || mbps == 1<<16-1 { // SPEED_UNKNOWN
		return 0
	}
	return int64(mbps)
}

// module reads the memory of a port's transceiver, and which standard it follows (ETH_MODULE_SFF_8472 and so on).
func module(device string) (standard uint32, memory []byte, err error) {
	info := moduleInfo{cmd: ethtoolGetModuleInfo}
	if err := ethtool(device, unsafe.Pointer(&info)); err != nil {
		return 0, nil, err
	}
	data := moduleData{cmd: ethtoolGetModule, length: min(info.length, moduleBytes)}
	if err := ethtool(device, unsafe.Pointer(&data)); err != nil {
		return 0, nil, err
	}
	return info.what, data.data[:min(data.length, moduleBytes)], nil
}
