package remote

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// serverName is what a control plane's certificate is for. Agents ask for it at every address: whom they trust is said by
// the authority, not by the name of a host.
const serverName = "control-plane.onramp.internal"

const (
	authorityLife = 20 * 365 * 24 * time.Hour
	// clockSkew is how far behind a router's clock may be.
	clockSkew = time.Hour
)

// authority is the certificate authority of one installation: it signs its servers' certificates and its agents', and
// nobody else trusts it.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// newAuthority makes one, as PEM: its certificate and its private key.
func newAuthority(now time.Time) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "Onramp routers"},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(authorityLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	if template.SerialNumber, err = serial(); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return encodePair(key, der)
}

// encodePair writes certificates and a key as PEM.
func encodePair(key *ecdsa.PrivateKey, certificates ...[]byte) ([]byte, error) {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, der := range certificates {
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // a buffer takes everything
	}
	_ = pem.Encode(&out, &pem.Block{Type: "PRIVATE KEY", Bytes: private})
	return out.Bytes(), nil
}

func parseAuthority(text []byte) (*authority, error) {
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, errors.New("the certificate authority that is kept cannot be read") // its key is in what cannot
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("what is kept is no certificate authority")
	}
	return &authority{pair.Leaf, key}, nil
}

// fingerprint is what a token knows it by.
func (a *authority) fingerprint() [sha256.Size]byte { return sha256.Sum256(a.certificate.Raw) }

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// server makes a control plane's certificate, with the authority's behind it so that an agent that enrols sees it.
func (a *authority) server(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: serverName}, DNSNames: []string{serverName},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, key.Public(), now)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key, Leaf: leaf}, err
}

// router signs what an agent asks for (PKCS #10). Of the request only the key is taken: whose certificate it is, and of
// which enrolment, is the control plane's to say.
func (a *authority) router(request []byte, router, enrolment string, now time.Time) ([]byte, error) {
	asked, err := x509.ParseCertificateRequest(request)
	if err == nil {
		err = asked.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("the certificate request: %w", err)
	}
	if key, ok := asked.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("the certificate request: its key is not of P-256")
	}
	return a.sign(&x509.Certificate{
		Subject:     pkix.Name{CommonName: router, SerialNumber: enrolment},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, asked.PublicKey, now)
}

func (a *authority) sign(template *x509.Certificate, key any, now time.Time) (der []byte, err error) {
	if template.SerialNumber, err = serial(); err != nil {
		return nil, err
	}
	template.NotBefore, template.NotAfter = now.Add(-clockSkew), now.Add(CertificateLife)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	return x509.CreateCertificate(rand.Reader, template, a.certificate, key, a.key)
}

// serial is a random one: 128 bits (RFC 5280, section 4.1.2.2, allows 160).
func serial() (*big.Int, error) { return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 128)) }

// RenewAt is when a certificate that ends then is renewed.
func RenewAt(notAfter time.Time) time.Time { return notAfter.Add(-CertificateLife / 3) }

// enrolled is whom a verified client certificate is of.
func enrolled(c *x509.Certificate) (router, enrolment string) {
	return c.Subject.CommonName, c.Subject.SerialNumber
}
