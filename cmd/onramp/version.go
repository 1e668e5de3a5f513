package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is set by the linker in releases: -X main.release=1.2.3.
var release string

// version is the release, or what the build knows of its source.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func newVersion() *cobra.Command {
	var output format
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: arguments(),
		Long: "Print the version of this program, what it was built for and with which Go.",
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		p := printer{cmd.OutOrStdout(), output}
		b := build{Version: version(), OS: runtime.GOOS, Architecture: runtime.GOARCH, Go: runtime.Version()}
		if p.data() {
			return p.value(b)
		}
		_, err := fmt.Fprintf(p.out, "onramp %s %s/%s %s\n", b.Version, b.OS, b.Architecture, b.Go)
		return err
	}
	output.add(cmd)
	return cmd
}

// build is what programs are told of this one.
type build struct {
	Version      string `json:"version"`
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Go           string `json:"go"`
}
