package need

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// pluginsVariable names a folder of Terraform providers, laid out as
// Terraform's filesystem mirrors are: HOST/NAMESPACE/TYPE/VERSION/TARGET.
const pluginsVariable = "ONRAMP_TF_PLUGINS"

// TerraformTools is what a test needs to run Terraform without a network.
type TerraformTools struct {
	Path      string // absolute path of the terraform program
	Plugins   string // the mirror folder in which the AWS provider was found
	Version   string // version of that provider, as "5.100.0"
	CLIConfig string // text of a CLI configuration file that takes providers from Plugins alone
}

// Environ returns the environment for a run of Terraform: that of this process,
// with the CLI configuration written to a file in dir and named, and the
// update check off.
func (tools TerraformTools) Environ(dir string) ([]string, error) {
	file := filepath.Join(dir, "terraform.rc")
	if err := os.WriteFile(file, []byte(tools.CLIConfig), 0o600); err != nil {
		return nil, err
	}
	return append(os.Environ(), "TF_CLI_CONFIG_FILE="+file, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"), nil
}

// Terraform returns Terraform and a mirror that has its AWS provider. Both are
// used where found and installed by nothing in this project, so without them
// the test ends as by Optional: a skip, even under ONRAMP_TEST_SKIPS=fail.
//
// The provider is looked for in ONRAMP_TF_PLUGINS, ~/.terraform.d/plugins,
// /usr/local/share/terraform/plugins, /usr/share/terraform/plugins and
// /opt/tf-plugins.
func Terraform(t testing.TB) TerraformTools {
	t.Helper()
	path, ok := Find("terraform")
	if !ok {
		Optional(t, "no terraform on this machine")
	}
	for _, folder := range mirrors() {
		if version, ok := awsProvider(folder); ok {
			return TerraformTools{Path: path, Plugins: folder, Version: version, CLIConfig: cliConfig(folder)}
		}
	}
	Optional(t, "terraform is here, but no folder of providers with the AWS provider; name one in "+pluginsVariable)
	panic("unreachable: Optional ends the test")
}

// mirrors are the folders in which providers are looked for. A folder that the
// caller named is the only one, so that naming it is never without effect.
func mirrors() []string {
	if named := os.Getenv(pluginsVariable); named != "" {
		return []string{named}
	}
	folders := []string{"/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/tf-plugins"}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append([]string{filepath.Join(home, ".terraform.d", "plugins")}, folders...)
	}
	return folders
}

// awsProvider returns the version of an AWS provider for this machine in the
// mirror folder: the last in lexical order, as one is the usual number.
func awsProvider(folder string) (version string, ok bool) {
	target := runtime.GOOS + "_" + runtime.GOARCH
	found, err := filepath.Glob(filepath.Join(folder, "*", "hashicorp", "aws", "*", target, "terraform-provider-aws*"))
	if err != nil || len(found) == 0 {
		return "", false
	}
	return filepath.Base(filepath.Dir(filepath.Dir(found[len(found)-1]))), true
}

func cliConfig(folder string) string {
	return fmt.Sprintf("disable_checkpoint = true\n\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", folder)
}
