package mka

import (
	"crypto/aes"
	"crypto/subtle"
	"encoding/binary"
)

// cmac is AES-CMAC (NIST SP 800-38B, RFC 4493) of message under a key of 16 or 32 bytes.
func cmac(key, message []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	var mac, last, subkey [aes.BlockSize]byte
	block.Encrypt(subkey[:], subkey[:])
	double(&subkey)
	for len(message) > aes.BlockSize {
		subtle.XORBytes(mac[:], mac[:], message[:aes.BlockSize])
		block.Encrypt(mac[:], mac[:])
		message = message[aes.BlockSize:]
	}
	if n := copy(last[:], message); n < aes.BlockSize {
		last[n] = 0x80
		double(&subkey)
	}
	subtle.XORBytes(last[:], last[:], subkey[:])
	subtle.XORBytes(mac[:], mac[:], last[:])
	block.Encrypt(mac[:], mac[:])
	return mac[:], nil
}

// double multiplies by x in the field of 2^128 elements that CMAC's subkeys are of.
func double(b *[aes.BlockSize]byte) {
	high, low := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	carry := high >> 63
	binary.BigEndian.PutUint64(b[:8], high<<1|low>>63)
	binary.BigEndian.PutUint64(b[8:], low<<1^carry*0x87)
}

// derive is the key derivation function of IEEE 802.1X-2010 6.2.1, for results as long as its key.
func derive(key []byte, label string, context []byte) ([]byte, error) {
	var result []byte
	for i := byte(1); len(result) < len(key); i++ {
		message := append([]byte{i}, label...)
		message = append(append(message, 0), context...)
		part, err := cmac(key, binary.BigEndian.AppendUint16(message, uint16(len(key)*8)))
		if err != nil {
			return nil, err
		}
		result = append(result, part...)
	}
	return result, nil
}
