package clients

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"onramp/internal/directconnect"
	"onramp/internal/onramptest"
	"onramp/internal/operator"
	"onramp/test/need"
)

// The identities of these tests: a user of the partner's account, and roles of the customer's.
const (
	readerRole = "arn:aws:iam::" + customer + ":role/reader"
	opsRole    = "arn:aws:iam::" + customer + ":role/ops"
)

// startWithRoles runs a server with two accounts: a user of the one may assume two roles of the other.
func startWithRoles(t *testing.T) (*onramptest.Server, operator.AccessKey) {
	t.Helper()
	s := start(t, onramptest.Account(customer, directconnect.NonPartner), onramptest.Account(partner, directconnect.PartnerV2))
	o := s.Operator()
	trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` + partner + `"},"Action":"sts:AssumeRole"}}`
	for name, policy := range map[string]string{"reader": "AWSDirectConnectReadOnlyAccess", "ops": "AWSDirectConnectFullAccess"} {
		_, err := o.AddPrincipal(t.Context(), customer, operator.Roles, operator.PrincipalChange{Name: name, Trust: &trust, Attach: []string{policy}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.AddPrincipal(t.Context(), partner, operator.Users, operator.PrincipalChange{Name: "vic"}); err != nil {
		t.Fatal(err)
	}
	_, err := o.PutInlinePolicy(t.Context(), partner, operator.Users, "vic", "assume",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::`+customer+`:role/*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	key, err := o.AddUserAccessKey(t.Context(), partner, "vic", "", "")
	if err != nil {
		t.Fatal(err)
	}
	return s, key
}

// TestRolesWithAWSCLI: a user asks who it is, assumes a role by hand and by a profile, and may do what the role may.
func TestRolesWithAWSCLI(t *testing.T) {
	t.Parallel()
	for _, path := range distinct(t, need.AWSCLI(t), debianAWSCLI, "--version") {
		cli := newAWSCLI(t, path)
		t.Run(cli.version, func(t *testing.T) {
			t.Parallel()
			s, key := startWithRoles(t)
			cli.server = s
			user := []string{"AWS_ACCESS_KEY_ID=" + key.ID, "AWS_SECRET_ACCESS_KEY=" + key.Secret}

			who := cli.object(t, user, "sts", "get-caller-identity")
			if who["Arn"] != "arn:aws:iam::"+partner+":user/vic" || who["Account"] != partner || !strings.HasPrefix(who["UserId"].(string), "AIDA") {
				t.Errorf("the user is %v", who)
			}
			cli.refused(t, user, "AccessDenied", "directconnect", "describe-connections")
			session := cli.assume(t, user, readerRole)
			if who := cli.object(t, session, "sts", "get-caller-identity"); who["Arn"] != "arn:aws:sts::"+customer+":assumed-role/reader/cli" {
				t.Errorf("the session is %v", who)
			}
			cli.object(t, session, "directconnect", "describe-connections")
			order := []string{"directconnect", "create-connection", "--location", "EqDC2", "--bandwidth", "1Gbps", "--connection-name", "one"}
			cli.refused(t, session, "directconnect:CreateConnection on resource: * because no identity-based policy allows", order...)
			if made := cli.object(t, cli.assume(t, user, opsRole), order...); made["ownerAccount"] != customer {
				t.Errorf("made %v", made)
			}

			// The client assumes the role by itself, as people mostly have it do.
			config := filepath.Join(t.TempDir(), "config")
			profile := "[profile ops]\nrole_arn = " + opsRole + "\ncredential_source = Environment\nrole_session_name = profile\n"
			if err := os.WriteFile(config, []byte(profile), 0o600); err != nil {
				t.Fatal(err)
			}
			if cli.variable { // an endpoint for all services is what older ones cannot be told
				// It keeps such sessions at home, where a later run would find those of another server; a program that
				// starts it may look for itself there, too (pyenv).
				home, err := os.UserHomeDir()
				if err != nil {
					t.Fatal(err)
				}
				by := append([]string{"AWS_CONFIG_FILE=" + config, "PYENV_ROOT=" + filepath.Join(home, ".pyenv"), "HOME=" + t.TempDir()}, user...)
				if root := os.Getenv("PYENV_ROOT"); root != "" {
					by[1] = "PYENV_ROOT=" + root
				}
				if who := cli.object(t, by, "sts", "get-caller-identity", "--profile", "ops"); who["Arn"] != "arn:aws:sts::"+customer+":assumed-role/ops/profile" {
					t.Errorf("the profile is %v", who)
				}
			}
			cli.refused(t, user, "AccessDenied", "sts", "assume-role", "--role-arn", "arn:aws:iam::"+customer+":role/none", "--role-session-name", "cli")
		})
	}
}

// command runs the CLI with one endpoint for all services.
func (cli *awsCLI) command(t *testing.T, env []string, args ...string) ([]byte, error) {
	t.Helper()
	if !cli.variable {
		args = append(args, "--endpoint-url", cli.server.URL)
	}
	cmd := exec.CommandContext(t.Context(), cli.path, append(args, "--output", "json")...)
	cmd.Env = append(environ("AWS_DEFAULT_REGION="+region, "AWS_ENDPOINT_URL="+cli.server.URL), env...)
	return cmd.CombinedOutput()
}

func (cli *awsCLI) object(t *testing.T, env []string, args ...string) map[string]any {
	t.Helper()
	out, err := cli.command(t, env, args...)
	if err != nil {
		t.Fatalf("aws %s: %v\n%s", strings.Join(args, " "), err, masked(string(out)))
	}
	var o map[string]any
	if err := json.Unmarshal(out, &o); err != nil {
		t.Fatalf("aws %s: %v", strings.Join(args, " "), err)
	}
	return o
}

func (cli *awsCLI) refused(t *testing.T, env []string, text string, args ...string) {
	t.Helper()
	if out, err := cli.command(t, env, args...); err == nil || !strings.Contains(string(out), text) {
		t.Errorf("aws %s: %v\n%s\nwant %q", strings.Join(args, " "), err, masked(string(out)), text)
	}
}

// assume opens a session and answers its environment.
func (cli *awsCLI) assume(t *testing.T, env []string, role string) []string {
	t.Helper()
	o := cli.object(t, env, "sts", "assume-role", "--role-arn", role, "--role-session-name", "cli", "--duration-seconds", "900")
	c, _ := o["Credentials"].(map[string]any)
	id, _ := c["AccessKeyId"].(string)
	secret, _ := c["SecretAccessKey"].(string)
	token, _ := c["SessionToken"].(string)
	if !strings.HasPrefix(id, "ASIA") || secret == "" || token == "" {
		t.Fatal("the session has no credentials")
	}
	return []string{"AWS_ACCESS_KEY_ID=" + id, "AWS_SECRET_ACCESS_KEY=" + secret, "AWS_SESSION_TOKEN=" + token}
}

// TestTerraformWithoutSkipFlags: the provider as one writes it for AWS asks STS who it is and assumes a role.
func TestTerraformWithoutSkipFlags(t *testing.T) {
	t.Parallel()
	s, key := startWithRoles(t)
	tf := newTerraform(t, "testdata/terraform/permission", map[string]string{"role": opsRole})
	tf.env = append(tf.env, "AWS_ENDPOINT_URL="+s.URL, "AWS_ACCESS_KEY_ID="+key.ID, "AWS_SECRET_ACCESS_KEY="+key.Secret)
	tf.secrets = append(tf.secrets, key.Secret)
	tf.run("apply", "-auto-approve", "-input=false")
	out := tf.run("output")
	for _, want := range []string{
		`arn = "arn:aws:sts::` + customer + `:assumed-role/ops/terraform"`, `account = "` + customer + `"`,
		`connection = "arn:aws:directconnect:us-east-1:` + customer + `:dxcon/dxcon-`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the outputs lack %s:\n%s", want, out)
		}
	}
	tf.run("plan", "-detailed-exitcode", "-input=false")
	tf.run("destroy", "-auto-approve", "-input=false")
}
