package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"onramp/internal/daemon"
	"onramp/internal/directconnect"
	"onramp/internal/operator"
)

const (
	defaultListen   = "127.0.0.1:7224"
	defaultOperator = "127.0.0.1:7225"
)

// serveFlags are what a server is told.
type serveFlags struct {
	stored
	listen, operatorListen       string
	operatorHosts, proxies       []string
	openToNetwork, noCustomers   bool
	pace, provider, keep, quotas string
	contact                      string
	audit, keepAudit             string
	keepEvents, webhookGiveUp    string
	webhookTimeout               time.Duration
	privateWebhooks              bool
	perResource                  string
	consoleURL                   string
	oidc                         daemon.OIDC
	tlsCert, tlsKey              string
	routerListen                 string
	routerAddresses              []string
	localRouter                  string
	localPorts                   map[string]string
	logLevel, logFormat, version string
}

func newServe() *cobra.Command {
	f := serveFlags{version: version()}
	cmd := &cobra.Command{
		Use: "serve", Short: "Run a server", Args: arguments(),
		Long: `Run a server: the customers' API, which AWS clients talk to, and the operator's API,
which has the console and the metrics beside it.

It keeps its data in a folder that it makes and names. While no account is configured
it runs in open mode, for this machine only: access key "test" is account
000000000000, an access key of 12 digits is that account, and the secret is "test".

Every flag can also be given in the environment, under the name in brackets, or in a
settings file (--config). What is nearer wins: flag, environment, file, default.
The operator token can be given in ONRAMP_OPERATOR_TOKEN instead of its file.

SIGTERM and SIGINT drain: requests that are there are answered, then the server ends.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := f.config(cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			daemon.SpendMemory()
			d, err := daemon.Start(cmd.Context(), c)
			if err != nil {
				return err
			}
			banner(cmd.OutOrStdout(), d, c)
			return d.Run(cmd.Context())
		},
	}
	f.add(cmd.Flags())
	asSettings(cmd)
	return cmd
}

func (f *serveFlags) add(flags *pflag.FlagSet) {
	f.stored.add(flags)
	flags.StringVar(&f.listen, "listen", defaultListen, "address of the customers' API")
	flags.StringVar(&f.operatorListen, "operator-listen", defaultOperator, "address of the operator's API, the console and the metrics")
	flags.StringSliceVar(&f.operatorHosts, "operator-hosts", nil, "host names, beside localhost and IP addresses, that the operator's API may be called by")
	flags.BoolVar(&f.openToNetwork, "open-to-network", false, "allow open mode on an address beyond this machine: anybody who reaches it may order")
	flags.StringVar(&f.quotas, "quotas", "documented", "documented: each account's, the published limits unless set; none: no limits for anybody")
	flags.StringVar(&f.pace, "pace", directconnect.Brisk.Name, "how fast orders are approved and cables plugged: instant, brisk (seconds), realistic (days) or manual (the operator's verbs only)")
	flags.BoolVar(&f.noCustomers, "no-customers", false, "simulate no customer routers at the far ends of virtual interfaces, but for those that have a script: BGP stays down")
	flags.StringVar(&f.routerListen, "router-listen", "", "address where the agents of real routers (onramp router run) connect, such as 0.0.0.0:7226; without it none can")
	flags.StringSliceVar(&f.routerAddresses, "router-addresses", nil, "how agents reach it and the other servers on the database, host:port; without it as it listens")
	flags.StringVar(&f.localRouter, "local-router", "", "router of the inventory (fabric: linux) that this machine itself is")
	flags.StringToStringVar(&f.localPorts, "local-port", nil, "NAME=DEVICE: the device that a port of the local router is; without it the one of the same name")
	flags.StringVar(&f.provider, "provider", daemon.DefaultProvider, "name that letters (LOA-CFA) are written under")
	flags.StringVar(&f.contact, "provider-contact", "", "how to reach you about a letter, as it is printed: a telephone number, an address")
	flags.StringVar(&f.keep, "keep-deleted", "24h", "how long deleted connections and LAGs stay listed, such as 90m, 24h or 3d")
	flags.StringVar(&f.audit, "audit", "writes", "what the audit trail holds: writes (the calls that may change something, and the opening of sessions), all calls, or off; writes and all: changes of state as well")
	flags.StringVar(&f.keepAudit, "keep-audit", "90d", "how long its records are kept, such as 24h or 90d; 0: for ever")
	flags.StringVar(&f.keepEvents, "keep-events", "30d", "how long events are kept, and what was delivered of them, such as 24h or 30d; 0: for ever")
	flags.StringVar(&f.webhookGiveUp, "webhook-give-up", "3d", "how long a webhook is tried that does not take an event, from when that happened, such as 12h or 3d")
	flags.DurationVar(&f.webhookTimeout, "webhook-timeout", 10*time.Second, "how long one attempt to deliver an event may take")
	flags.BoolVar(&f.privateWebhooks, "allow-private-webhooks", false, "let webhooks be at addresses that are not of the public Internet (this machine, private networks), and speak plain HTTP")
	flags.StringVar(&f.consoleURL, "console-url", "", "how browsers reach the console, such as https://onramp.example.net, if a proxy stands before it")
	flags.StringSliceVar(&f.proxies, "trusted-proxies", nil, "addresses and ranges (CIDR) of proxies before this server that are believed when they say where a request comes from (X-Forwarded-For)")
	flags.StringVar(&f.oidc.Issuer, "oidc-issuer", "", "URL of an OpenID provider that lets users of the console in; the secret is in ONRAMP_OIDC_CLIENT_SECRET")
	flags.StringVar(&f.oidc.ClientID, "oidc-client-id", "", "what this server is called there")
	flags.StringVar(&f.oidc.AccountClaim, "oidc-account-claim", "onramp_account", "claim of its ID tokens that holds the account of 12 digits")
	flags.StringVar(&f.oidc.UserClaim, "oidc-user-claim", "sub", "claim of its ID tokens that holds the user's name in the account")
	flags.StringVar(&f.perResource, "metrics-per-resource", "on", "on: /metrics tells of each connection and virtual interface; off: only of the installation")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "certificate file (PEM) of the customers' API: serves HTTPS")
	flags.StringVar(&f.tlsKey, "tls-key", "", "its private key file (PEM)")
	flags.StringVar(&f.logLevel, "log-level", "info", "least level that is logged: debug, info, warn or error")
	flags.StringVar(&f.logFormat, "log-format", "text", "text or json, on standard error")
}

// oidcSecretVariable holds the client's secret at the OpenID provider.
const oidcSecretVariable = "ONRAMP_OIDC_CLIENT_SECRET"

func (f *serveFlags) config(logTo io.Writer) (daemon.Config, error) {
	c, err := f.stored.config()
	if err != nil {
		return c, err
	}
	switch f.quotas {
	case "documented":
	case "none":
		c.Quotas = directconnect.Quotas{}
	default:
		return c, usagef("--quotas %q is not one of documented, none", f.quotas)
	}
	pace, ok := directconnect.PaceNamed(f.pace)
	if !ok {
		return c, usagef("--pace %q is not one of instant, brisk, realistic, manual", f.pace)
	}
	if c.Keep, err = operator.ParseDuration(f.keep); err != nil || c.Keep < time.Second {
		return c, usagef("--keep-deleted %q is not a duration such as 90m, 24h or 3d", f.keep)
	}
	if c.Audit, ok = daemon.AuditLevels[f.audit]; !ok {
		return c, usagef("--audit %q is not one of all, writes, off", f.audit)
	}
	if c.KeepAudit, err = operator.ParseDuration(f.keepAudit); err != nil {
		return c, usagef("--keep-audit %q is not a duration such as 24h or 90d, or 0", f.keepAudit)
	}
	if c.KeepEvents, err = operator.ParseDuration(f.keepEvents); err != nil {
		return c, usagef("--keep-events %q is not a duration such as 24h or 30d, or 0", f.keepEvents)
	}
	if c.WebhookGiveUp, err = operator.ParseDuration(f.webhookGiveUp); err != nil || c.WebhookGiveUp < time.Minute {
		return c, usagef("--webhook-give-up %q is not a duration such as 12h or 3d", f.webhookGiveUp)
	}
	if f.webhookTimeout < 100*time.Millisecond || f.webhookTimeout > time.Minute {
		return c, usagef("--webhook-timeout %s is not between 100ms and 1m", f.webhookTimeout)
	}
	if f.perResource != "on" && f.perResource != "off" {
		return c, usagef("--metrics-per-resource %q is not one of on, off", f.perResource)
	}
	c.NoResourceMetrics = f.perResource == "off"
	c.WebhookTimeout, c.PrivateWebhooks = f.webhookTimeout, f.privateWebhooks
	if c.Log, err = logger(logTo, f.logLevel, f.logFormat); err != nil {
		return c, err
	}
	if (f.oidc.Issuer == "") != (f.oidc.ClientID == "") {
		return c, usagef("--oidc-issuer and --oidc-client-id go together")
	}
	if f.oidc.Issuer != "" {
		f.oidc.Secret = os.Getenv(oidcSecretVariable)
		c.OIDC = &f.oidc
	}
	c.Pace, c.Provider, c.Version = pace, f.provider, f.version
	c.RouterListen, c.RouterAddresses, c.LocalRouter, c.LocalPorts = f.routerListen, f.routerAddresses, f.localRouter, f.localPorts
	if f.localRouter == "" && len(f.localPorts) > 0 {
		return c, usagef("--local-port goes with --local-router")
	}
	c.NoCustomers, c.ProviderContact = f.noCustomers, f.contact
	c.OperatorToken = os.Getenv(tokenVariable)
	return c, f.reached(&c)
}

// reached fills in how the server is reached, and by whom.
func (f *serveFlags) reached(c *daemon.Config) (err error) {
	if c.TrustedProxies, err = daemon.ParseProxies(f.proxies); err != nil {
		return usagef("--trusted-proxies %v", err)
	}
	if (f.tlsCert == "") != (f.tlsKey == "") {
		return usagef("--tls-cert and --tls-key go together")
	}
	c.Listen, c.OperatorListen, c.OperatorHosts, c.OpenToNetwork = f.listen, f.operatorListen, f.operatorHosts, f.openToNetwork
	c.ConsoleURL, c.TLSCert, c.TLSKey = f.consoleURL, f.tlsCert, f.tlsKey
	return nil
}

func logger(to io.Writer, level, format string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil || strings.ContainsAny(level, "+-") {
		return nil, usagef("--log-level %q is not one of debug, info, warn, error", level)
	}
	o := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(to, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, o)), nil
	}
	return nil, usagef("--log-format %q is not one of text, json", format)
}

// banner prints where everything is and what to paste. The Region is there twice: boto3 and the AWS CLI 1 know only the
// second name.
func banner(to io.Writer, d *daemon.Daemon, c daemon.Config) {
	fmt.Fprintf(to, `Onramp %s is ready.

  customers' API  %s
  operator API    %s
  data folder     %s
  pace            %s

`, c.Version, d.Endpoint(), d.OperatorEndpoint(), c.Data, c.Pace.Name)
	fmt.Fprintf(to, "The console, as operator, once and within ten minutes:\n\n%s\n\n", d.ConsoleLink())
	if at := d.RouterEndpoint(); at != "" {
		fmt.Fprintf(to, "Agents of real routers connect to %s (onramp router token makes tokens for them).\n\n", at)
	}
	if d.Open() {
		fmt.Fprintf(to, `No account is configured: open mode, for everybody who reaches this address.
Paste this into a shell to use it:

export AWS_ENDPOINT_URL_DIRECT_CONNECT=%s
export AWS_ACCESS_KEY_ID=test
export AWS_SECRET_ACCESS_KEY=test
export AWS_REGION=us-east-1
export AWS_DEFAULT_REGION=us-east-1
`, d.Endpoint())
	} else {
		fmt.Fprintf(to, `Accounts are configured: sign with an access key of one of them
(onramp access-key add ACCOUNT makes one).
Paste this into a shell to use it:

export AWS_ENDPOINT_URL_DIRECT_CONNECT=%s
export AWS_REGION=us-east-1
export AWS_DEFAULT_REGION=us-east-1
`, d.Endpoint())
	}
	fmt.Fprintf(to, `
Then try:

aws directconnect describe-locations --endpoint-url %s

`, d.Endpoint())
}
