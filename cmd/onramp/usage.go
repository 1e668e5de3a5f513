package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commonMark marks the flags that all verbs have, so that a verb's own are not lost among them.
const commonMark = "onramp_common"

// markCommon marks the flags that a verb has so far.
func markCommon(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[commonMark] = []string{"true"}
	})
}

// usage is cobra's, with the flags that all verbs have behind a verb's own.
func usage(cmd *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s [command]\n\nAvailable Commands:\n", cmd.CommandPath())
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() || c.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", c.NamePadding(), c.Name(), c.Short)
			}
		}
	} else {
		fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	}
	own, common := pflag.NewFlagSet("own", pflag.ContinueOnError), pflag.NewFlagSet("common", pflag.ContinueOnError)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Annotations[commonMark] != nil {
			common.AddFlag(f)
		} else {
			own.AddFlag(f)
		}
	})
	if help := own.Lookup("help"); help != nil && common.HasAvailableFlags() {
		common.AddFlag(help)
		own = without(own, help.Name)
	}
	for _, group := range []struct {
		name  string
		flags *pflag.FlagSet
	}{{"Flags", own}, {"Flags of all verbs", common}} {
		if group.flags.HasAvailableFlags() {
			fmt.Fprintf(&b, "\n%s:\n%s\n", group.name, strings.TrimRight(group.flags.FlagUsages(), " \n"))
		}
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s [command] --help\" for more about a command.\n", cmd.CommandPath())
	}
	_, err := fmt.Fprint(cmd.OutOrStderr(), b.String())
	return err
}

func without(flags *pflag.FlagSet, name string) *pflag.FlagSet {
	rest := pflag.NewFlagSet("rest", pflag.ContinueOnError)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Name != name {
			rest.AddFlag(f)
		}
	})
	return rest
}

// hideDefaults has the help of a verb that changes something not speak of defaults: what is not given stays as it is.
func hideDefaults(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		f := flags.Lookup(name)
		if f.DefValue = ""; f.Value.Type() != "string" {
			f.DefValue = "0" // which pflag does not show of numbers and durations
		}
	}
}
