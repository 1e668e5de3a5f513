package routerconfig

import (
	"embed"
	"fmt"
	"net/netip"
	"strings"
	"text/template"
)

// Render returns the complete configuration of router r for interface i. The text ends in a newline.
//
// r is known by its RouterTypeIdentifier alone. An interface that contradicts itself is an error; one that r's syntax has
// no way to express is an error that wraps [ErrUnsuited]. No error contains a BGP key.
func Render(r Router, i Interface) (string, error) {
	known, ok := Lookup(r.RouterTypeIdentifier)
	if !ok {
		return "", fmt.Errorf("router type %q is not known", r.RouterTypeIdentifier)
	}
	r = known
	sys := systems[r.XsltTemplateName]
	v, err := newView(r, sys, i)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := templates.ExecuteTemplate(&b, sys.template, v); err != nil {
		return "", fmt.Errorf("template %s: %w", sys.template, err)
	}
	return b.String(), nil
}

// system is an operating system: what router types that share a template have in common.
type system struct {
	template string
	key      keySyntax
	// oneASN: all sessions of the router have the same ASN of our side; there is no local AS for a single session.
	oneASN bool
}

// systems are by Router.XsltTemplateName.
var systems = map[string]system{
	xsltIOS:                                  {template: "ios.tmpl", key: iosKey},
	xsltNXOS:                                 {template: "nxos.tmpl", key: nxosKey},
	xsltJunOS:                                {template: "junos.tmpl", key: junosKey},
	"customer-router-palo-alto-generic.xslt": {template: "panos.tmpl", key: panosKey, oneASN: true},
	"customer-router-frr-generic.xslt":       {template: "frr.tmpl", key: frrKey},
	"customer-router-bird-generic.xslt":      {template: "bird.tmpl", key: birdKey},
	"customer-router-vyos-generic.xslt":      {template: "vyos.tmpl", key: vyosKey},
}

//go:embed templates/*.tmpl
var templateFiles embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").Funcs(template.FuncMap{
	"comment": comment,
	"seq":     func(step, i int) int { return step * (i + 1) },
	"inc":     func(n, by int) int { return n + by },
	"macsec":  func(mtu int) int { return mtu + macsecLength },
	"mask":    mask,
	"symbol":  func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") },
}).ParseFS(templateFiles, "templates/*.tmpl"))

// comment writes lines as comment lines that begin with lead.
func comment(lead string, lines []string) string {
	var b strings.Builder
	for n, line := range lines {
		if n > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(lead+" "+line, " "))
	}
	return b.String()
}

// mask is the dotted netmask of an IPv4 prefix.
func mask(p netip.Prefix) string {
	all := netip.AddrFrom4([4]byte{255, 255, 255, 255})
	return netip.PrefixFrom(all, p.Bits()).Masked().Addr().String()
}
