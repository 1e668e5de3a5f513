package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"onramp/internal/router"
)

// defaultState is the agent's state folder.
const defaultState = "/var/lib/onramp/router"

// boxFlags are what the verbs on a router share.
type boxFlags struct {
	state string
	ports map[string]string
}

func (f *boxFlags) add(cmd *cobra.Command, ports bool) *cobra.Command {
	cmd.Flags().StringVar(&f.state, "state", defaultState, "folder of the agent's keys and its last intent")
	if ports {
		cmd.Flags().StringToStringVar(&f.ports, "port", nil, "NAME=DEVICE: the device that a port of the inventory is; remembered; without it the one of the same name")
	}
	return cmd
}

// devices are those of the flags; nil: as remembered.
func (f *boxFlags) devices(cmd *cobra.Command) map[string]string {
	if !cmd.Flags().Changed("port") {
		return nil
	}
	return f.ports
}

func newRouterEnroll() *cobra.Command {
	var f boxFlags
	cmd := &cobra.Command{
		Use: "enroll TOKEN", Short: "Enrol this machine as a router", Args: arguments("TOKEN"),
		Long: `Enrol this machine as a router, with a token of onramp router token; - reads it from standard input.
Its keys are made here and never leave the machine.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			token, err := tokenText(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			name, err := router.Enroll(cmd.Context(), f.state, token)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "This machine is router %s. Start its agent: onramp router run --state %s\n", name, f.state)
			return nil
		},
	}
	return f.add(cmd, false)
}

func newRouterRun() *cobra.Command {
	var f boxFlags
	var yes bool
	var level, format string
	cmd := &cobra.Command{
		Use: "run", Short: "Run the agent of this router", Args: arguments(),
		Long: `Run the agent of this router until it is told to end. It applies its last intent at once, then calls the
control plane, and tries again for as long as it does not answer.

On a box that was never configured nothing is done before its operator has accepted the first plan:
see onramp router plan. SIGTERM and SIGINT end the agent and leave the router's forwarding as it is.
It needs CAP_NET_ADMIN, CAP_NET_RAW and CAP_NET_BIND_SERVICE, and no other privilege.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := logger(cmd.ErrOrStderr(), level, format)
			if err != nil {
				return err
			}
			return router.Run(cmd.Context(), f.state, router.Config{Open: router.OpenLinux, Ports: f.devices(cmd), Accepted: yes, Log: log})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "accept the first plan unseen")
	cmd.Flags().StringVar(&level, "log-level", "info", "least level that is logged: debug, info, warn or error")
	cmd.Flags().StringVar(&format, "log-format", "text", "text or json, on standard error")
	return f.add(cmd, true)
}

func newRouterPlan() *cobra.Command {
	var f boxFlags
	var accept bool
	var output format
	cmd := &cobra.Command{
		Use: "plan", Short: "Show what the next apply would do to this router", Args: arguments(),
		Long: `Show what the next apply would do to this router, a line a step. It asks the agent if one is running, and
otherwise plans for the intent that is on disk. With --accept the first apply may go ahead: at once
if the agent is running, or when it is started. Nothing else needs to be accepted, ever.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := router.ShowPlan(cmd.Context(), f.state, router.OpenLinux, f.devices(cmd))
			if err != nil {
				return err
			}
			out := printer{cmd.OutOrStdout(), output}
			if out.data() {
				err = out.value(p)
			} else {
				printPlan(out, p, accept)
			}
			if err != nil || !accept || p.Accepted {
				return err
			}
			return router.AcceptPlan(cmd.Context(), f.state)
		},
	}
	cmd.Flags().BoolVar(&accept, "accept", false, "let the first apply go ahead")
	output.add(cmd)
	return f.add(cmd, true)
}

func printPlan(p printer, plan router.Plan, accept bool) {
	switch {
	case plan.Sequence == 0 && !plan.Running:
		fmt.Fprintf(p.out, "Router %s has no intent yet: start the agent with onramp router run, so that it fetches one.\n", plan.Router)
	case plan.Sequence == 0:
		fmt.Fprintf(p.out, "Router %s has no intent yet: the control plane has not sent one.\n", plan.Router)
	case len(plan.Steps) == 0 && plan.Problem == "":
		fmt.Fprintf(p.out, "Router %s is as it should be (intent %d).\n", plan.Router, plan.Sequence)
	}
	for _, step := range plan.Steps {
		fmt.Fprintln(p.out, step)
	}
	if plan.Problem != "" {
		fmt.Fprintf(p.out, "Not possible: %s\n", plan.Problem)
	}
	if !plan.Accepted && !accept {
		fmt.Fprintln(p.out, "Nothing is done before this is accepted: onramp router plan --accept")
	}
}

func newRouterRemove() *cobra.Command {
	var f boxFlags
	cmd := &cobra.Command{
		Use: "remove", Short: "Take away all that the agent has made on this machine", Args: arguments(),
		Long: `Take away all that the agent has made on this machine: every device, table, rule and route with its mark,
and the state folder with its keys. The agent must not be running. Traffic over this router ends.
To end the enrolment on the control plane, too, run onramp router revoke there.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := router.Remove(cmd.Context(), f.state, router.OpenLinux, f.devices(cmd))
			if errors.Is(err, router.ErrRunning) {
				err = fmt.Errorf("%w: stop it first", err)
			}
			return err
		},
	}
	return f.add(cmd, true)
}
