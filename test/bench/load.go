package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// client is one keep-alive connection. It reads no more of HTTP than what its two servers write: a status, a length, a
// body.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

// call sends a request and answers the length of the body, which is still to be read.
func (c *client) call(request []byte) (status string, length int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return "", 0, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return "", 0, err
	}
	status = string(bytes.TrimSpace(line))
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return status, 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return status, 0, err
			}
		}
	}
	if length < 0 {
		return status, 0, errors.New("an answer without Content-Length")
	}
	return status, length, nil
}

const accepted = "HTTP/1.1 200 OK"

// exchange is call with the body, which is discarded unless it tells of an error.
func (c *client) exchange(request []byte) (length int, err error) {
	status, length, err := c.call(request)
	if err != nil {
		return 0, err
	}
	if status != accepted {
		body := make([]byte, length)
		_, err := io.ReadFull(c.in, body)
		return 0, errors.Join(fmt.Errorf("%s: %s", status, body), err)
	}
	_, err = c.in.Discard(length)
	return length, err
}

// ask answers the body of one request.
func ask(address string, request []byte) ([]byte, error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	status, length, err := c.call(request)
	if err != nil {
		return nil, err
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(c.in, body); err != nil {
		return nil, err
	}
	if status != accepted {
		return nil, fmt.Errorf("%s: %s", status, body)
	}
	return body, nil
}

// volume is what was answered in a stretch of load.
type volume struct {
	calls, bytes int
	took         time.Duration
}

// drive sends requests, each client its own share of them over and over, for about d, and waits for every answer.
func drive(ctx context.Context, s side, clients int, d time.Duration) (volume, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		total volume
		errs  []error
	)
	begun := time.Now()
	for n := range clients {
		wg.Go(func() {
			v, err := share(ctx, s, n, clients)
			mu.Lock()
			defer mu.Unlock()
			total.calls += v.calls
			total.bytes += v.bytes
			errs = append(errs, err)
		})
	}
	wg.Wait()
	total.took = time.Since(begun)
	return total, errors.Join(errs...)
}

func share(ctx context.Context, s side, first, step int) (v volume, err error) {
	c, err := dial(s.server.address)
	if err != nil {
		return v, err
	}
	defer c.conn.Close()
	for i := first; ctx.Err() == nil; i += step {
		if s.once && i >= len(s.requests) {
			return v, errors.New("the requests of a round ran out: the server is faster than the load allows for")
		}
		length, err := c.exchange(s.requests[i%len(s.requests)])
		if err != nil {
			return v, err
		}
		v.calls++
		v.bytes += length
	}
	return v, nil
}
