package store

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// encodeBody is the JSON column of a noun. & and < stand for themselves, so that decoding seldom meets an escape.
func encodeBody(noun any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(noun); err != nil {
		return "", fmt.Errorf("store: %T: %w", noun, err)
	}
	return string(bytes.TrimRight(b.Bytes(), "\n")), nil
}

func decodeBody(body string, noun any) error {
	if err := json.Unmarshal([]byte(body), noun); err != nil {
		return fmt.Errorf("store: %T: %w", noun, err)
	}
	return nil
}
