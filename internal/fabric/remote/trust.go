package remote

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"onramp/internal/fabric/remote/wire"
	"onramp/internal/fabric/remote/wire/wireconnect"
)

// Grant is what enrolment and renewal give an agent.
type Grant struct {
	Certificate []byte   // DER, of the key that was asked for
	Authority   []byte   // DER, whose servers are to be trusted
	Addresses   []string // of the control plane's servers, host:port
}

func decodeGrant(m *wire.Certificate) Grant {
	return Grant{m.GetCertificate(), m.GetAuthority(), m.GetAddresses()}
}

// Enroll uses a token up, at the first of its addresses that answers. request is a PKCS #10 request for a key of P-256,
// sealingKey a public one of NewSealingKey. Nothing is sent to a server that is not the token's: ErrUntrusted. A token that
// is no longer good is ErrRefused.
func Enroll(ctx context.Context, t Token, request, sealingKey []byte) (Grant, error) {
	ask := &wire.EnrollRequest{Router: t.Router(), Secret: t.m.GetSecret(), Request: request, SealingKey: sealingKey}
	var failed error
	for _, address := range t.Addresses() {
		transport := transport(&tls.Config{
			MinVersion:         tls.VersionTLS13,
			InsecureSkipVerify: true, // there is no authority to verify with yet: VerifyConnection does it by the token
			VerifyConnection:   t.verify,
		})
		client := wireconnect.NewFabricClient(&http.Client{Transport: transport}, "https://"+address, connect.WithReadMaxBytes(maxEnroll))
		answer, err := client.Enroll(ctx, connect.NewRequest(ask))
		transport.CloseIdleConnections()
		if err == nil {
			g := decodeGrant(answer.Msg)
			if sha256.Sum256(g.Authority) != [sha256.Size]byte(t.m.GetAuthority()) {
				return Grant{}, fmt.Errorf("%s: %w", address, ErrUntrusted)
			}
			return g, nil
		}
		err = fmt.Errorf("%s: %w", address, explain(err))
		if errors.Is(err, ErrRefused) {
			return Grant{}, err
		}
		failed = errors.Join(failed, err)
	}
	return Grant{}, failed
}

// verify takes a server whose certificate was signed by the authority that the token names.
func (t Token) verify(c tls.ConnectionState) error {
	for _, shown := range c.PeerCertificates {
		if sha256.Sum256(shown.Raw) != [sha256.Size]byte(t.m.GetAuthority()) {
			continue
		}
		roots := x509.NewCertPool()
		roots.AddCert(shown)
		if _, err := c.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, DNSName: serverName}); err != nil {
			return fmt.Errorf("%w: %w", ErrUntrusted, err)
		}
		return nil
	}
	return ErrUntrusted
}

// ClientTLS is how an enrolled agent connects: it trusts servers of the authority only (DER), and shows what certificate
// answers.
func ClientTLS(authority []byte, certificate func() (*tls.Certificate, error)) (*tls.Config, error) {
	root, err := x509.ParseCertificate(authority)
	if err != nil {
		return nil, fmt.Errorf("the control plane's certificate authority: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(root)
	return &tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: roots, ServerName: serverName,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return certificate() },
	}, nil
}

// transport speaks HTTP/2 only, and notices within seconds that the other side is gone.
func transport(secure *tls.Config) *http.Transport {
	t := &http.Transport{
		TLSClientConfig: secure, TLSHandshakeTimeout: greeting, Protocols: new(http.Protocols),
		DialContext: (&net.Dialer{Timeout: greeting}).DialContext,
		HTTP2:       &http.HTTP2Config{SendPingTimeout: 5 * time.Second, PingTimeout: 5 * time.Second},
	}
	t.Protocols.SetHTTP2(true)
	return t
}

// explain puts what the control plane answered in words that an agent can act on.
func explain(err error) error {
	said := err
	if e, ok := errors.AsType[*connect.Error](err); ok {
		said = errors.New(e.Message())
	}
	var invalid *tls.CertificateVerificationError
	switch connect.CodeOf(err) {
	case connect.CodeUnauthenticated, connect.CodePermissionDenied, connect.CodeFailedPrecondition, connect.CodeInvalidArgument:
		return fmt.Errorf("%w: %w", ErrRefused, said)
	}
	if errors.As(err, &invalid) {
		return fmt.Errorf("%w: %w", ErrUntrusted, invalid.Err)
	}
	if errors.Is(err, ErrUntrusted) {
		return err
	}
	return said
}
