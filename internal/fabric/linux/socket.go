package linux

import (
	"errors"
	"fmt"
	"sync"
	"syscall"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// request is one change asked of the kernel.
type request struct {
	*nl.NetlinkRequest
	about   string          // what for, in an error
	forgive []syscall.Errno // answers that are as good as yes
}

// socket sends many requests at once, each acknowledged: a full router is thousands of them.
type socket struct {
	mu sync.Mutex
	fd int
}

const (
	batchBytes  = 64 << 10 // of requests sent before their answers are read
	batchCount  = 128
	answerBytes = 256 << 10
)

func openSocket() (*socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("netlink: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("netlink: %w", err)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4<<20)           // answers are small: the default does, too
	_ = unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_CAP_ACK, 1)        // an answer without the request in it
	_ = unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_GET_STRICT_CHK, 1) // as read's dumps
	timeout := unix.Timeval{Sec: 30}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("netlink: %w", err)
	}
	return &socket{fd: fd}, nil
}

func (s *socket) close() { _ = unix.Close(s.fd) }

// do has the kernel carry out the requests, in order. One that fails does not stop the others: what depends on it fails too,
// and the error names them all, up to a few.
func (s *socket) do(requests []request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var failed []error
	for len(requests) > 0 {
		n, data, last := 0, []byte(nil), uint32(0)
		bySeq := map[uint32]request{}
		for n < len(requests) && n < batchCount && len(data) < batchBytes {
			r := requests[n]
			r.Flags |= unix.NLM_F_ACK
			data, bySeq[r.Seq], last = append(data, r.Serialize()...), r, r.Seq
			n++
		}
		if err := unix.Sendto(s.fd, data, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
			return fmt.Errorf("netlink: %w", err)
		}
		errs, err := s.answers(bySeq, last)
		if failed = append(failed, errs...); err != nil {
			return errors.Join(append(failed, err)...)
		}
		requests = requests[n:]
	}
	if len(failed) > 8 {
		failed = append(failed[:8], fmt.Errorf("and %d more", len(failed)-8))
	}
	return errors.Join(failed...)
}

// answers reads the acknowledgements of a batch, until that of the last request.
func (s *socket) answers(bySeq map[uint32]request, last uint32) (failed []error, err error) {
	buffer := make([]byte, answerBytes)
	for {
		n, _, err := unix.Recvfrom(s.fd, buffer, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return failed, fmt.Errorf("netlink: the kernel does not answer: %w", err)
		}
		messages, err := syscall.ParseNetlinkMessage(buffer[:n])
		if err != nil {
			return failed, fmt.Errorf("netlink: %w", err)
		}
		for _, m := range messages {
			r, ours := bySeq[m.Header.Seq]
			if !ours || m.Header.Type != unix.NLMSG_ERROR || len(m.Data) < 4 {
				continue
			}
			if e := syscall.Errno(-int32(nl.NativeEndian().Uint32(m.Data))); e != 0 && !r.forgives(e) {
				failed = append(failed, fmt.Errorf("%s: %w", r.about, e))
			}
			if m.Header.Seq == last {
				return failed, nil
			}
		}
	}
}

func (r request) forgives(e syscall.Errno) bool {
	for _, f := range r.forgive {
		if f == e {
			return true
		}
	}
	return false
}

// dump asks for all that the kernel has of something, and gives each to f. It asks again, all of it, when the table changed
// meanwhile: reset starts over.
func dump(kindOf uint16, header nl.NetlinkRequestData, reset func(), f func(message []byte) error) error {
	const attempts = 5
	for attempt := 1; ; attempt++ {
		reset()
		messages, err := dumpOnce(kindOf, header)
		if err != nil && (attempt == attempts || !errors.Is(err, nl.ErrDumpInterrupted)) {
			return fmt.Errorf("netlink: %w", err)
		}
		if err != nil {
			continue
		}
		for _, m := range messages {
			if err := f(m); err != nil {
				return err
			}
		}
		return nil
	}
}

func dumpOnce(kindOf uint16, header nl.NetlinkRequestData) ([][]byte, error) {
	r := nl.NewNetlinkRequest(int(kindOf), unix.NLM_F_DUMP)
	r.AddData(header)
	return r.Execute(unix.NETLINK_ROUTE, 0)
}
