package mka

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// control is the client side of a supplicant's control socket: one datagram a command, one an answer, both text. It
// keeps no connection, so that an answer which comes too late cannot be taken for that of the next command.
type control struct{ path string }

// patience is how long a supplicant may take to answer. It is single-threaded and answers within a millisecond, unless
// its machine is very busy.
const patience = 3 * time.Second

// errRefused is a supplicant's FAIL.
var errRefused = errors.New("wpa_supplicant refuses")

// errAbsent is wrapped by errors about supplicants that are not there.
var errAbsent = errors.New("wpa_supplicant is not running")

// errSilent is wrapped by errors about supplicants that are there and do not answer.
var errSilent = errors.New("wpa_supplicant does not answer")

// ask sends a command and returns the answer. Errors name the command's first words only: what follows may be a key.
func (c control) ask(ctx context.Context, command string) (string, error) {
	answer, err := c.exchange(ctx, command)
	if err == nil && (answer == "FAIL" || strings.HasPrefix(answer, "FAIL-") || answer == "UNKNOWN COMMAND") {
		err = errRefused
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", public(command), err)
	}
	return answer, nil
}

// do sends a command whose answer is OK.
func (c control) do(ctx context.Context, command string) error {
	answer, err := c.ask(ctx, command)
	if err == nil && answer != "OK" {
		err = fmt.Errorf("%s: %w", public(command), errRefused)
	}
	return err
}

// public is a command without its value: "SET_NETWORK 0 mka_cak".
func public(command string) string {
	words := strings.SplitN(command, " ", 4)
	return strings.Join(words[:min(len(words), 3)], " ")
}

func (c control) exchange(ctx context.Context, command string) (string, error) {
	// An abstract name needs no file that a killed agent would leave behind, and is never the name of another client.
	local := &net.UnixAddr{Net: "unixgram", Name: "@onramp-mka-" + rand.Text()}
	conn, err := net.DialUnix("unixgram", local, &net.UnixAddr{Net: "unixgram", Name: c.path})
	if err != nil {
		return "", plain(err)
	}
	defer func() { _ = conn.Close() }()
	end := time.Now().Add(patience)
	if sooner, ok := ctx.Deadline(); ok && sooner.Before(end) {
		end = sooner
	}
	if err := conn.SetDeadline(end); err != nil {
		return "", err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := conn.Write([]byte(command)); err != nil {
		return "", cmp.Or(ctx.Err(), plain(err))
	}
	answer := make([]byte, 16<<10)
	n, err := conn.Read(answer)
	if err != nil {
		return "", cmp.Or(ctx.Err(), plain(err))
	}
	return strings.TrimRight(string(answer[:n]), "\n"), nil
}

// plain is a socket's error without the socket's name, which is never the same twice.
func plain(err error) error {
	var late net.Error
	var number syscall.Errno
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNRESET):
		return errAbsent
	case errors.As(err, &late) && late.Timeout():
		return errSilent
	case errors.As(err, &number):
		return number
	}
	return err
}
