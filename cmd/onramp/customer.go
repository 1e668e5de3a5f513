package main

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

func newCustomer() *cobra.Command {
	cmd := parent("customer", "The simulated customers' routers", `What the customer's router at the far end of a virtual interface does, where routers are
simulated. By default it has the right VLAN, addresses, ASN and key and announces one
prefix, or on a public interface all that the interface may. Each verb changes one thing
that it does and leaves the others; reset takes all of them back.

  onramp customer announce dxvif-... 10.1.0.0/16 10.2.0.0/16 --community 7224:7300
  onramp customer announce dxvif-... $(seq -f 10.0.%g.0/24 0 100)    # one more than allowed
  onramp customer silent dxvif-...                                   # the sessions go down
  onramp customer reset dxvif-...`)
	cmd.AddCommand(
		newCustomerShow(), newCustomerAnnounce(), newCustomerFlap(), newCustomerReset(),
		newCustomerFault("silent", "Have it not answer", func(s *directconnect.CustomerScript, on bool) { s.Silent = on }),
		newCustomerFault("wrong-key", "Have it sign with a wrong key", func(s *directconnect.CustomerScript, on bool) { s.WrongKey = on }),
	)
	return cmd
}

func newCustomerShow() *cobra.Command {
	return verb("show VIF", "Show what a customer's router was told to do", "", arguments("VIF"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			script, err := c.Customer(ctx, args[0])
			if err != nil {
				return err
			}
			return printCustomer(p, args[0], script)
		})
}

func newCustomerAnnounce() *cobra.Command {
	var communities []string
	var prepend []int64
	var nothing, byDefault bool
	return verb("announce VIF PREFIX...", "Have it announce these prefixes and no others", `Have it announce these prefixes and no others, each over the sessions of its family. The
communities and AS numbers go with all of them.`,
		cobra.ArbitraryArgs,
		func(cmd *cobra.Command) {
			cmd.Flags().StringSliceVar(&communities, "community", nil, "community of the prefixes, such as 7224:7300; may be given several times")
			cmd.Flags().Int64SliceVar(&prepend, "prepend", nil, "`ASN` behind the customer's own in the path; may be given several times")
			cmd.Flags().BoolVar(&nothing, "nothing", false, "no prefix at all")
			cmd.Flags().BoolVar(&byDefault, "default", false, "what it announces by default")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			routes, err := announced(args, communities, prepend)
			if err != nil {
				return err
			}
			given := 0
			for _, is := range []bool{len(args) > 1, nothing, byDefault} {
				if is {
					given++
				}
			}
			switch {
			case len(args) == 0:
				return usagef("VIF is missing; usage: %s", cmd.UseLine())
			case given != 1:
				return usagef("either prefixes, --nothing or --default must be given; usage: %s", cmd.UseLine())
			case byDefault:
				routes = nil
			}
			return changeCustomer(ctx, c, p, args[0], func(s *directconnect.CustomerScript) { s.Announce = routes })
		})
}

// announced are the routes for the arguments behind the first; not nil.
func announced(args, communities []string, path []int64) ([]directconnect.CustomerRoute, error) {
	routes := []directconnect.CustomerRoute{}
	for i, arg := range args {
		if i == 0 {
			continue
		}
		cidr, err := netip.ParsePrefix(arg)
		if err != nil {
			return nil, usagef("%q is not a prefix such as 10.1.0.0/16", arg)
		}
		routes = append(routes, directconnect.CustomerRoute{CIDR: cidr, Path: path, Communities: communities})
	}
	return routes, nil
}

// newCustomerFault makes a verb that switches a fault on, or with --off off.
func newCustomerFault(name, short string, set func(s *directconnect.CustomerScript, on bool)) *cobra.Command {
	var off bool
	return verb(name+" VIF", short, short+": the sessions go down, until the same with --off.", arguments("VIF"),
		func(cmd *cobra.Command) { cmd.Flags().BoolVar(&off, "off", false, "no longer") },
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			return changeCustomer(ctx, c, p, args[0], func(s *directconnect.CustomerScript) { set(s, !off) })
		})
}

func newCustomerFlap() *cobra.Command {
	var seconds, times int64
	var off bool
	return verb("flap VIF", "Have it close its sessions and open them again", `Have it close its sessions now and open them again after some seconds, close them after as
many, and so on: a number of times, or without --times until the same with --off.`,
		arguments("VIF"),
		func(cmd *cobra.Command) {
			cmd.Flags().Int64Var(&seconds, "seconds", 0, "how long the sessions are down, and then up")
			cmd.Flags().Int64Var(&times, "times", 0, "how often; 0: for ever")
			cmd.Flags().BoolVar(&off, "off", false, "no longer")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			given := cmd.Flags().Changed("seconds")
			if given == off || off && cmd.Flags().Changed("times") {
				return usagef("either --seconds or --off must be given; usage: %s", cmd.UseLine())
			}
			return changeCustomer(ctx, c, p, args[0], func(s *directconnect.CustomerScript) {
				if s.Flap = nil; !off {
					s.Flap = &directconnect.Flap{Seconds: seconds, Times: times}
				}
			})
		})
}

func newCustomerReset() *cobra.Command {
	return verb("reset VIF", "Have it do what it does by default", "", arguments("VIF"), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, args []string) error {
			if err := c.ResetCustomer(ctx, args[0]); err != nil {
				return err
			}
			return printCustomer(p, args[0], nil)
		})
}

// changeCustomer changes one thing that a customer's router does, and leaves the others.
func changeCustomer(ctx context.Context, c *operator.Client, p printer, id string, change func(*directconnect.CustomerScript)) error {
	script, err := c.Customer(ctx, id)
	if err != nil {
		return err
	}
	if script == nil {
		script = &directconnect.CustomerScript{}
	}
	change(script)
	if script, err = c.SetCustomer(ctx, id, *script); err != nil {
		return err
	}
	return printCustomer(p, id, script)
}

func printCustomer(p printer, id string, s *directconnect.CustomerScript) error {
	if s == nil {
		return p.fields(s, "Virtual interface", id, "Told", "nothing: it does what it does by default")
	}
	asn, flap := "", ""
	if s.ASN != 0 {
		asn = strconv.FormatInt(s.ASN, 10)
	}
	if f := s.Flap; f != nil {
		flap = fmt.Sprintf("down and up for %d s each since %s, ", f.Seconds, show(f.From))
		if f.Times > 0 {
			flap += fmt.Sprintf("times: %d", f.Times)
		} else {
			flap += "for ever"
		}
	}
	pairs := []any{"Virtual interface", id, "Sessions", strings.Join(s.Peers, " "), "Silent", s.Silent, "Wrong key", s.WrongKey, "Speaks as AS", asn, "Flap", flap}
	switch {
	case s.Announce == nil:
		pairs = append(pairs, "Announces", "what it announces by default")
	case len(s.Announce) == 0:
		pairs = append(pairs, "Announces", "nothing")
	}
	for _, r := range s.Announce {
		pairs = append(pairs, "Announces", routeText(r))
	}
	return p.fields(s, pairs...)
}

func routeText(r directconnect.CustomerRoute) string {
	words := []string{r.CIDR.String()}
	if len(r.Path) > 0 {
		words = append(words, "path")
	}
	for _, asn := range r.Path {
		words = append(words, strconv.FormatInt(asn, 10))
	}
	if len(r.Communities) > 0 {
		words = append(words, "communities")
	}
	return strings.Join(slices.Concat(words, r.Communities), " ")
}
