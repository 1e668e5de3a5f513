package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A setting is a flag that can also be given in the environment and in the settings file. What is nearer wins: flag,
// environment, file, default.

// settingNames are all settings of all commands: the keys that a settings file may have.
var settingNames = []string{
	"allow-private-webhooks", "audit", "console-url", "data", "database", "keep-audit", "keep-deleted", "keep-events", "keyset", "listen", "local-port", "local-router",
	"log-format", "log-level", "metrics-per-resource", "no-customers", "offline", "oidc-account-claim", "oidc-client-id", "oidc-issuer", "oidc-user-claim",
	"open-to-network", "operator", "operator-hosts", "operator-listen", "pace", "provider", "provider-contact", "quotas",
	"router-addresses", "router-listen", "tls-cert", "tls-key", "trusted-proxies", "webhook-timeout", "webhook-give-up",
}

const configFlag = "config"

// envName is the environment's name of a flag: ONRAMP_LOG_LEVEL for log-level.
func envName(flag string) string {
	return "ONRAMP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// asSettings makes settings of all flags that a command has so far: their help names the environment's variable, and
// what the command line leaves out is taken from there or from the settings file.
func asSettings(cmd *cobra.Command) {
	cmd.Flags().String(configFlag, "", "settings file: YAML with the long names of flags as keys")
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != configFlag && !slices.Contains(settingNames, f.Name) {
			panic("not in settingNames: " + f.Name) // a mistake of this program's, found by any test
		}
		f.Usage += " [" + envName(f.Name) + "]"
	})
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := settle(cmd.Flags(), os.LookupEnv); err != nil {
			return err
		}
		if before == nil {
			return nil
		}
		return before(cmd, args)
	}
}

// settle fills the settings that were not given as flags.
func settle(flags *pflag.FlagSet, env func(string) (string, bool)) error {
	file := map[string]line{}
	path := flags.Lookup(configFlag).Value.String()
	if v, ok := env(envName(configFlag)); ok && path == "" {
		path = v
	}
	if path != "" {
		var err error
		if file, err = readSettings(path); err != nil {
			return err
		}
	}
	var failed error
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == configFlag || failed != nil || !slices.Contains(settingNames, f.Name) {
			return
		}
		if v, ok := env(envName(f.Name)); ok && v != "" { // set and empty is not set, as shells and unit files have it
			if err := flags.Set(f.Name, v); err != nil {
				failed = usagef("%s: %v", envName(f.Name), err)
			}
		} else if v, ok := file[f.Name]; ok {
			if err := flags.Set(f.Name, v.text); err != nil {
				failed = usagef("%s line %d: %v", path, v.number, err)
			}
		}
	})
	return failed
}

// line is a value of a settings file and where it stands.
type line struct {
	text   string
	number int
}

// readSettings reads a settings file: a mapping of setting names to texts, numbers, booleans or lists of texts.
func readSettings(path string) (settings map[string]line, err error) {
	defer func() { // some texts that are no sensible YAML make the library panic
		if v := recover(); v != nil {
			settings, err = nil, usagef("%s: not YAML that can be read", path)
		}
	}()
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usagef("settings file: %v", err)
	}
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, usagef("%s: %s", path, first)
	}
	settings = map[string]line{}
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		mapping, ok := doc.Body.(ast.MapNode)
		if !ok {
			return nil, usagef("%s: want settings as name: value", path)
		}
		for values := mapping.MapRange(); values.Next(); {
			name := values.Key().GetToken()
			value, err := settingText(values.Value())
			switch _, double := settings[name.Value]; {
			case !slices.Contains(settingNames, name.Value):
				return nil, usagef("%s line %d: there is no setting %q", path, name.Position.Line, name.Value)
			case double:
				return nil, usagef("%s line %d: %s is there twice", path, name.Position.Line, name.Value)
			case err != nil:
				return nil, usagef("%s line %d: %s %v", path, name.Position.Line, name.Value, err)
			}
			settings[name.Value] = line{value, name.Position.Line}
		}
	}
	return settings, nil
}

func settingText(n ast.Node) (string, error) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		var texts []string
		for _, v := range n.Values {
			text, err := settingText(v)
			if err != nil {
				return "", err
			}
			texts = append(texts, text)
		}
		return strings.Join(texts, ","), nil
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, nil
	}
	return "", fmt.Errorf("has no value that is a text, a number, true, false or a list of them")
}

// dataFolder is where a server keeps what is its own (XDG Base Directory Specification).
func dataFolder(flag string) (string, error) {
	if flag != "" {
		return filepath.Abs(flag)
	}
	if xdg := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "onramp"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", usagef("there is no home folder to keep data in: give --data")
	}
	return filepath.Join(home, ".local", "share", "onramp"), nil
}
