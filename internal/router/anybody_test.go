package router

import (
	"crypto/tls"
	"net/http"
	"testing"
)

// anybody is a client without a certificate, that takes any server's.
func anybody(t *testing.T) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
