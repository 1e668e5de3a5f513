package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
)

const limitRole = "limit"

// limitAnswer is what the limit writes.
type limitAnswer struct {
	body   []byte
	length string
}

// runLimit serves the limit: what HTTP alone costs in Go. PUT tells it what to answer.
func runLimit() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	var answer atomic.Pointer[limitAnswer]
	answer.Store(&limitAnswer{length: "0"})
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if r.Method == http.MethodPut {
			answer.Store(&limitAnswer{body, strconv.Itoa(len(body))})
			return
		}
		a := answer.Load()
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-RequestId", "00000000-0000-4000-8000-000000000000")
		w.Header().Set("Content-Length", a.length)
		w.Write(a.body)
	}))
	fmt.Println(listener.Addr())
	return obey(func(string, string) error { return nil })
}

// teach makes the limit answer what the server answers to a request.
func teach(limit, server *process, request []byte) error {
	body, err := ask(server.address, request)
	if err != nil {
		return err
	}
	put, err := http.NewRequest(http.MethodPut, "http://"+limit.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(put)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
