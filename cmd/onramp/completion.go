package main

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

// completionTime bounds what a shell waits for names.
const completionTime = 2 * time.Second

// mostCompletions are listed to a shell; who has more types a few letters of what is meant.
const mostCompletions = "1000"

// namesOf fetches what an argument can be: names, each with a word about it. The key is the argument's name in a verb's
// usage, with the noun before it where another noun has the same, or noun and verb.
var namesOf = map[string]func(context.Context, *operator.Client) ([]cobra.Completion, error){
	"connection ID": connectionNames,
	"order ID":      orderNames,
	"CONNECTION":    connectionNames,
	"fault ID":      connectionNames,
	"lag ID":        lagNames,
	"interface ID":  interfaceNames,
	"VIF":           interfaceNames,
	"gateway ID":    gatewayNames,
	"GATEWAY":       gatewayNames,
	"account ID":    accountNames,
	"ACCOUNT":       accountNames,
	"location CODE": locationNames,
	"ROUTER":        routerNames,
	"PORT":          portNames,

	"order refuse ID":       portOrderNames,
	"order assign ID":       assignableNames,
	"connection approve ID": portOrderNames,
	"connection refuse ID":  portOrderNames,
}

// complete makes the arguments of a verb complete in a shell. It fails in silence: there is no place for an error.
func complete(cmd *cobra.Command, conn *connection) {
	words := strings.Fields(cmd.Use)[1:]
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= len(words) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		word := strings.Trim(words[len(args)], "[].")
		if strings.HasSuffix(word, "FILE") {
			return nil, cobra.ShellCompDirectiveDefault
		}
		noun := cmd.Parent().Name()
		fetch := namesOf[noun+" "+cmd.Name()+" "+word]
		if fetch == nil {
			fetch = namesOf[noun+" "+word]
		}
		if fetch == nil {
			fetch = namesOf[word]
		}
		if fetch == nil || cmd.PreRunE(cmd, args) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completionTime)
		defer cancel()
		client, done, err := conn.client(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names, err := fetch(ctx, client)
		if done() != nil || err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var fitting []cobra.Completion
		for _, name := range names {
			if strings.HasPrefix(name, typed) {
				fitting = append(fitting, name)
			}
		}
		return fitting, cobra.ShellCompDirectiveNoFileComp
	}
}

func completions[T any](found []T, show func(T) (name, about string)) []cobra.Completion {
	var names []cobra.Completion
	for _, one := range found {
		names = append(names, cobra.CompletionWithDesc(show(one)))
	}
	return names
}

func connectionNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	page, err := c.Connections(ctx, url.Values{"limit": {mostCompletions}})
	return completions(page.Connections, func(c operator.Connection) (string, string) { return c.ID, c.Name + ", " + c.State }), err
}

// orderNames are what waits to be approved.
func orderNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	return waitingNames(ctx, c, func(operator.Order) bool { return true })
}

// portOrderNames are the ports among them: only they can be refused.
func portOrderNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	return waitingNames(ctx, c, func(o operator.Order) bool { return o.Kind != "interface" })
}

func waitingNames(ctx context.Context, c *operator.Client, wanted func(operator.Order) bool) ([]cobra.Completion, error) {
	page, err := c.Orders(ctx, url.Values{"limit": {mostCompletions}})
	found := slices.DeleteFunc(page.Orders, func(o operator.Order) bool { return !wanted(o) })
	return completions(found, func(o operator.Order) (string, string) { return o.ID, o.Name + ", " + o.Kind }), err
}

// assignableNames are the connections that may still have another port.
func assignableNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	var found []operator.Connection
	for _, state := range []string{"requested", "pending"} {
		page, err := c.Connections(ctx, url.Values{"limit": {mostCompletions}, "state": {state}})
		if err != nil {
			return nil, err
		}
		found = append(found, page.Connections...)
	}
	found = slices.DeleteFunc(found, func(c operator.Connection) bool { return c.Kind == "hosted" || !c.CrossConnected.IsZero() })
	return completions(found, func(c operator.Connection) (string, string) { return c.ID, c.Name + ", " + c.State }), nil
}

func interfaceNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	page, err := c.Interfaces(ctx, url.Values{"limit": {mostCompletions}})
	return completions(page.Interfaces, func(v operator.Interface) (string, string) { return v.ID, v.Name + ", " + v.State }), err
}

func gatewayNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	found, err := c.Gateways(ctx, "", "")
	return completions(found, func(g operator.Gateway) (string, string) { return g.ID, g.Kind }), err
}

func accountNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	found, err := c.Accounts(ctx)
	return completions(found, func(a operator.Account) (string, string) { return a.ID, a.Name }), err
}

func lagNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	page, err := c.LAGs(ctx, url.Values{"limit": {mostCompletions}})
	return completions(page.LAGs, func(g operator.LAG) (string, string) { return g.ID, g.Name + ", " + g.State }), err
}

func locationNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	found, err := c.Locations(ctx, "")
	return completions(found, func(l operator.Location) (string, string) { return l.Code, l.Name }), err
}

func routerNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	found, err := c.Routers(ctx, "")
	return completions(found, func(r operator.Router) (string, string) { return r.Name, r.Location }), err
}

func portNames(ctx context.Context, c *operator.Client) ([]cobra.Completion, error) {
	page, err := c.Ports(ctx, url.Values{"limit": {mostCompletions}})
	return completions(page.Ports, func(o operator.Port) (string, string) { return o.ID, o.Bandwidth }), err
}
