package linux

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"syscall"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// watch hears what changes in the kernel: links, addresses and filters, whoever changes them.
type watch struct {
	fd    int
	wake  [2]int // a pipe that ends the wait
	done  sync.WaitGroup
	ready chan struct{} // has something if anything was heard

	mu    sync.Mutex
	known map[int32]filters // by device index, until something of the device's filters changes
	heard uint64            // messages about filters
	works map[int32]bool    // devices that are on and have carrier, by index, as heard last
	rose  bool              // one of them did not, before
}

// quiet is how long the watch waits for more before it says that something has changed.
const quiet = 50 * time.Millisecond

func openWatch(log func(error)) (*watch, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("netlink: %w", err)
	}
	w := &watch{fd: fd, ready: make(chan struct{}, 1), known: map[int32]filters{}, works: map[int32]bool{}}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<20) // if it overflows, all is read again
	if err := unix.Pipe2(w.wake[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	err = unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
	for _, g := range []int{unix.RTNLGRP_LINK, unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV6_IFADDR, unix.RTNLGRP_TC} {
		if err == nil {
			err = unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, g)
		}
	}
	if err != nil {
		w.closeAll()
		return nil, fmt.Errorf("netlink: %w", err)
	}
	w.done.Go(func() {
		if err := w.listen(); err != nil {
			log(err)
		}
	})
	return w, nil
}

func (w *watch) closeAll() {
	for _, fd := range []int{w.fd, w.wake[0], w.wake[1]} {
		_ = unix.Close(fd)
	}
}

// close ends the watch.
func (w *watch) close() {
	_, _ = unix.Write(w.wake[1], []byte{0})
	w.done.Wait()
	w.closeAll()
}

// listen reads messages until close.
func (w *watch) listen() error {
	buffer := make([]byte, answerBytes)
	for {
		wait := []unix.PollFd{{Fd: int32(w.fd), Events: unix.POLLIN}, {Fd: int32(w.wake[0]), Events: unix.POLLIN}}
		if _, err := unix.Poll(wait, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("netlink: watching: %w", err)
		}
		if wait[1].Revents != 0 {
			return nil
		}
		n, _, err := unix.Recvfrom(w.fd, buffer, 0)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.ENOBUFS):
			w.forget()
		case err != nil:
			return fmt.Errorf("netlink: watching: %w", err)
		default:
			w.hear(buffer[:n])
		}
		select {
		case w.ready <- struct{}{}:
		default:
		}
	}
}

// hear drops what is known of the devices whose filters have changed.
func (w *watch) hear(data []byte) {
	messages, err := syscall.ParseNetlinkMessage(data)
	if err != nil {
		w.forget()
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range messages {
		switch m.Header.Type {
		case unix.RTM_NEWTFILTER, unix.RTM_DELTFILTER, unix.RTM_NEWQDISC, unix.RTM_DELQDISC:
			if len(m.Data) >= nl.SizeofTcMsg {
				delete(w.known, nl.DeserializeTcMsg(m.Data).Ifindex)
				w.heard++
			}
		case unix.RTM_NEWLINK:
			if len(m.Data) >= unix.SizeofIfInfomsg {
				link := nl.DeserializeIfInfomsg(m.Data)
				const both = unix.IFF_UP | unix.IFF_LOWER_UP
				works := link.Flags&both == both
				w.rose = w.rose || works && !w.works[link.Index]
				w.works[link.Index] = works
			}
		case unix.RTM_DELLINK:
			if len(m.Data) >= unix.SizeofIfInfomsg {
				index := nl.DeserializeIfInfomsg(m.Data).Index
				delete(w.known, index)
				w.miss(m.Data[unix.SizeofIfInfomsg:])
				delete(w.works, index)
				w.heard++
			}
		}
	}
}

// miss drops what is known of filters that lead to a device which has gone: they lead nowhere now, whoever gets its name.
func (w *watch) miss(about []byte) {
	_ = attributes(about, func(number uint16, value []byte) error {
		if number != unix.IFLA_IFNAME {
			return nil
		}
		name := nl.BytesToString(value)
		maps.DeleteFunc(w.known, func(_ int32, of filters) bool {
			for r := range of {
				if r.Via == name {
					return true
				}
			}
			return false
		})
		return nil
	})
}

// forget drops all that is known: messages were lost.
func (w *watch) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.known)
	clear(w.works)
	w.heard++
	w.rose = true
}

// risen reports whether a device has begun to work since it was asked last.
func (w *watch) risen() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	rose := w.rose
	w.rose = false
	return rose
}

func (w *watch) filters(index int32) (filters, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f, known := w.known[index]
	return f, known
}

func (w *watch) stamp() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.heard
}

// keep remembers the filters of a device, unless something was heard since stamp: it may have been about them.
func (w *watch) keep(index int32, f filters, stamp uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.heard == stamp {
		w.known[index] = f
	}
}

// drop forgets the filters of devices that we are about to change: the kernel's own word on it may come late.
func (w *watch) drop(index int32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.known, index)
}

// run calls changed when something was heard, some time after, so that many messages are one call.
func (w *watch) run(ctx context.Context, changed func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.ready:
		}
		timer := time.NewTimer(quiet)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		select {
		case <-w.ready:
		default:
		}
		changed()
	}
}
