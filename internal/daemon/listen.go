package daemon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Limits of a connection: nothing that a client sends, or does not send, holds one for ever.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeader         = 64 << 10
)

// listen opens a socket. flag is what an operator names the address with.
func listen(flag, address string, secure *tls.Config) (*listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or choose another address with %s", address, flag)
	case err != nil:
		return nil, fmt.Errorf("%s %s: %w", flag, address, err)
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	return &listener{Listener: l, done: make(chan struct{})}, nil
}

func (l *listener) tcp() *net.TCPAddr {
	addr, _ := l.Addr().(*net.TCPAddr) // listen opens no other
	return addr
}

// loopback reports whether only this machine reaches the socket.
func (l *listener) loopback() bool { return l.tcp().IP.IsLoopback() }

// address is a host:port that reaches the socket from this machine.
func (l *listener) address() string {
	a := *l.tcp()
	if a.IP.IsUnspecified() {
		a.IP = net.IPv4(127, 0, 0, 1)
	}
	return a.String()
}

// serve answers requests until close; ended hears why it stopped before that.
func (l *listener) serve(h http.Handler, log *slog.Logger, ended func(error)) {
	l.server = &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what clients do wrong below HTTP
	}
	if !l.streams {
		l.server.ReadTimeout, l.server.WriteTimeout = readTimeout, writeTimeout
	}
	go func() {
		defer close(l.done)
		if err := l.server.Serve(l.Listener); !errors.Is(err, http.ErrServerClosed) {
			ended(fmt.Errorf("listening on %s: %w", l.Addr(), err))
		}
	}()
}

// close takes no more connections and waits for the requests that are there; when ctx ends, it cuts them off.
func (l *listener) close(ctx context.Context) error {
	if l.server == nil {
		return l.Listener.Close()
	}
	err := l.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("requests were cut off on %s: %w", l.Addr(), err), l.server.Close())
	}
	<-l.done
	return err
}
