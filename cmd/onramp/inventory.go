package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"onramp/internal/operator"
)

func newInventory() *cobra.Command {
	cmd := parent("inventory", "Locations, routers and ports", `The inventory: locations, the routers there and their ports, as YAML.

  onramp inventory export > plant.yaml
  $EDITOR plant.yaml
  onramp inventory apply --dry-run plant.yaml
  onramp inventory apply plant.yaml`)
	cmd.AddCommand(newInventoryExport(), newInventoryApply())
	return cmd
}

func newInventoryExport() *cobra.Command {
	return verb("export", "Print the inventory as YAML", "Print the inventory as YAML, rows of like ports in one line each.", arguments(), nil,
		func(ctx context.Context, c *operator.Client, p printer, _ *cobra.Command, _ []string) error {
			text, err := c.Inventory(ctx)
			if err != nil {
				return err
			}
			_, err = p.out.Write(text)
			return err
		})
}

func newInventoryApply() *cobra.Command {
	var dryRun bool
	return verb("apply FILE", "Make a file the inventory",
		`Make a YAML file (- is standard input) the whole inventory, and print what that
changes. What is in use cannot be removed, nor changed in speed, MACsec or place:
then nothing changes, and the error names what uses it.

A port line may stand for a row: ranges in brackets count side by side.

  locations:
  - code: LAB1
    region: eu-central-1
    name: Laboratory, Darmstadt
    portSpeeds: [1G, 10G]
    macsecSpeeds: [10G]
    providers: [Own fibre]
    routers:
    - ports:
      - names: xe-0/0/[0-23]
        speed: 10G
        macsec: true
        panel: {room: MMR-1, rack: R07, panel: PP-02, port: "[1-24]", strands: "[1-47:2]/[2-48:2]", connector: LC duplex}`,
		arguments("FILE"), func(cmd *cobra.Command) {
			cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would change, and change nothing")
		},
		func(ctx context.Context, c *operator.Client, p printer, cmd *cobra.Command, args []string) error {
			text, err := readFile(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			changes, err := c.ApplyInventory(ctx, text, dryRun)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return printChanges(p, changes)
		})
}

func readFile(in io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(in)
	}
	return os.ReadFile(name)
}
