package main

import (
	"os"
	"os/user"
	"runtime"
	"strconv"
	"strings"
)

// agent is what the program says of itself to servers, so that the audit trail has who ran it where:
// onramp/1.2.3 (linux; ann@desk). The server has no proof of it: whoever has the operator token may say anything.
func agent() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return "onramp/" + plainWord(version()) + " (" + runtime.GOOS + "; " + plainWord(userName()) + "@" + plainWord(host) + ")"
}

// userName is who runs the program, as the operating system knows them; whom there is no name of has a number.
func userName() string {
	u, err := user.Current()
	switch {
	case err == nil && u.Username != "":
		return u.Username
	case os.Getuid() >= 0:
		return strconv.Itoa(os.Getuid())
	}
	return "unknown"
}

// plainWord leaves of a text what cannot be mistaken for another part of the header.
func plainWord(text string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f && !strings.ContainsRune("()@;/\"", r) {
			return r
		}
		return -1
	}, text)
}
