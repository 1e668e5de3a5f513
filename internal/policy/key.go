package policy

import (
	"slices"
	"strings"
)

// Context is what conditions and variables look at: the values of keys, whose names are in lower case. A key without a value
// is absent.
type Context map[string][]string

// keys are the condition keys that this server can have a value for, in lower case ("AWS global condition context keys" and
// "Actions, resources, and condition keys for AWS STS"). A name that ends in a slash takes the key of a tag behind it.
// Others are refused: a rule that can never come true, or always does, is not what its author meant.
var keys = []string{
	"aws:currenttime", "aws:epochtime", "aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:requestedregion",
	"aws:requesttag/", "aws:resourceaccount", "aws:resourcetag/", "aws:securetransport", "aws:sourceip", "aws:tagkeys",
	"aws:tokenissuetime", "aws:useragent", "aws:userid", "aws:username", "sts:externalid", "sts:rolesessionname",
}

func knownKey(name string) bool {
	return slices.ContainsFunc(keys, func(known string) bool {
		if strings.HasSuffix(known, "/") {
			return strings.HasPrefix(name, known) && len(name) > len(known)
		}
		return name == known
	})
}
