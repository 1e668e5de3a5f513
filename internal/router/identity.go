package router

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"onramp/internal/fabric/remote"
)

// identity is who the agent is to the control plane.
type identity struct {
	authority []byte // DER

	mu          sync.Mutex
	certificate *tls.Certificate
	next        *ecdsa.PrivateKey // of the certificate that was asked for
	asked       time.Time
}

// patience is how long a request for a certificate is waited for before another one is made.
const patience = time.Minute

// request makes a key and a request for its certificate (PKCS #10). Whose it is to be is not in it: the control plane knows.
func request() (*ecdsa.PrivateKey, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{}}, key)
	return key, der, err
}

// identity reads who the agent is; nil when it was not enrolled.
func (f *Folder) identity() (*identity, error) {
	text, err := os.ReadFile(f.at(identityFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: enrol the router again", f.at(identityFile)) // the reason may show the key
	}
	authority, err := os.ReadFile(f.at(authorityFile))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(authority)
	if block == nil {
		return nil, fmt.Errorf("%s holds no certificate: enrol the router again", f.at(authorityFile))
	}
	return &identity{authority: block.Bytes, certificate: &pair}, nil
}

// granted keeps what the control plane gave for a key. The certificate comes last: with it the folder is enrolled.
func (f *Folder) granted(key *ecdsa.PrivateKey, g remote.Grant) (*tls.Certificate, error) {
	pair, text, err := join(key, g.Certificate)
	if err != nil {
		return nil, err
	}
	if err := f.change(func(a *about) { a.Addresses = g.Addresses }); err != nil {
		return nil, err
	}
	if err := f.write(authorityFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: g.Authority})); err != nil {
		return nil, err
	}
	return pair, f.write(identityFile, text)
}

// join puts a certificate and its key into one text, so that they change together.
func join(key *ecdsa.PrivateKey, certificate []byte) (*tls.Certificate, []byte, error) {
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	pair, err := tls.X509KeyPair(text, text)
	if err != nil {
		return nil, nil, errors.New("the control plane gave a certificate of another key")
	}
	return &pair, text, nil
}

// present is the certificate to show.
func (i *identity) present() (*tls.Certificate, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.certificate, nil
}

// Renewal asks for the next certificate when the present one has a third of its life left.
func (a *Agent) Renewal() ([]byte, error) {
	i := a.keys
	i.mu.Lock()
	defer i.mu.Unlock()
	now := a.Now()
	if now.Before(remote.RenewAt(i.certificate.Leaf.NotAfter)) || i.next != nil && now.Sub(i.asked) < patience {
		return nil, nil
	}
	key, der, err := request()
	if err != nil {
		return nil, err
	}
	i.next, i.asked = key, now
	return der, nil
}

// Renewed takes the next certificate into use, at the next connection.
func (a *Agent) Renewed(g remote.Grant) error {
	i := a.keys
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.next == nil:
		return errors.New("it was not asked for")
	case !bytes.Equal(g.Authority, i.authority):
		return errors.New("it is of another authority")
	}
	pair, err := a.Folder.granted(i.next, g)
	if err != nil {
		return err
	}
	i.certificate, i.next = pair, nil
	a.Log.Info("the certificate was renewed", "expires", pair.Leaf.NotAfter)
	a.call()
	return nil
}
