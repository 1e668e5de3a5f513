package clients

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A stateResource is a resource or data source in Terraform's state.
type stateResource struct {
	Mode      string // managed or data
	Type      string
	Name      string
	Instances []struct{ Attributes map[string]any }
}

// kind is the type as coverage has it.
func (r stateResource) kind() string {
	if r.Mode == "data" {
		return "data." + r.Type
	}
	return r.Type
}

func (r stateResource) attribute(name string) string {
	text, _ := r.Instances[0].Attributes[name].(string)
	return text
}

// importID is what the provider imports the resource by.
func (r stateResource) importID() string {
	if r.Type == "aws_dx_gateway_association" {
		return r.attribute("dx_gateway_id") + "/" + r.attribute("associated_gateway_id")
	}
	return r.attribute("id")
}

// state is what Terraform knows of. It holds keys and is not to be printed.
func (tf *terraform) state() []stateResource {
	tf.t.Helper()
	cmd := exec.CommandContext(tf.t.Context(), tf.path, "state", "pull")
	cmd.Dir, cmd.Env = tf.folder, tf.env
	out, err := cmd.Output()
	if err != nil {
		tf.t.Fatalf("terraform state pull: %v", err)
	}
	var found struct{ Resources []stateResource }
	if err := json.Unmarshal(out, &found); err != nil {
		tf.t.Fatal("terraform state pull printed no state")
	}
	return found.Resources
}

// notes that everything Terraform knows of was shown to be something.
func (tf *terraform) notes(what string) {
	tf.t.Helper()
	for _, r := range tf.state() {
		covered.add(what, r.kind())
	}
}

// reimport has Terraform forget resources, by their addresses, and import them. Nothing may be made or ended by it.
func (tf *terraform) reimport(addresses ...string) {
	tf.t.Helper()
	var blocks strings.Builder
	for _, r := range tf.state() {
		for _, address := range addresses {
			if r.Mode == "managed" && r.Type+"."+r.Name == address {
				fmt.Fprintf(&blocks, "import {\n  to = %s\n  id = %q\n}\n", address, r.importID())
			}
		}
	}
	tf.run(append([]string{"state", "rm"}, addresses...)...)
	file := filepath.Join(tf.folder, "imports.tf")
	if err := os.WriteFile(file, []byte(blocks.String()), 0o600); err != nil {
		tf.t.Fatal(err)
	}
	out := tf.apply()
	if want := fmt.Sprintf("%d imported, 0 added", len(addresses)); !strings.Contains(out, want) || !strings.Contains(out, "0 destroyed") {
		tf.t.Errorf("want %s, 0 destroyed:\n%s", want, out)
	}
	if err := os.Remove(file); err != nil {
		tf.t.Fatal(err)
	}
}
