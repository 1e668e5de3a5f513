package console

import (
	"strings"

	"onramp/internal/api"
	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

// keyTable shows the MACsec keys of a connection or LAG with this ID, whose page is at path: their names and states, never a key.
func keyTable(id, path string, keys []api.MacSecKey) *table {
	t := &table{Caption: "MACsec keys", Head: []string{"Name (CKN)", "State", "Since", "Remove"}, Empty: "No MACsec key is associated: traffic is not encrypted.",
		Needs: needsRemoval(id)}
	for _, k := range keys {
		row := []cell{coded(value(k.Ckn)), stated(value(k.State)), plain(value(k.StartOn)), {}}
		if s := directconnect.MACsecKeyState(value(k.State)); s == directconnect.KeyAssociating || s == directconnect.KeyAssociated {
			remove := linked("Remove", pathWith(path+"/macsec/remove", "secret", value(k.SecretARN)))
			remove.More = "key " + value(k.Ckn)
			row[3] = remove
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// keySection is the form by which a key is associated.
func keySection(v *visit, t *tried, id, path string) section {
	f := v.form(t, form{
		ID: "macsec", Action: path + "/macsec", Submit: "Associate the key", Quiet: true, Needs: needs("AssociateMacSecKey", api.AssociateMacSecKeyRequest{ConnectionID: &id}),
		Intro: "Give the name and the key that your router has, or the ARN of a secret that was made here before. A key is never shown again.",
		Fields: []field{
			textField("ckn", "CKN", "The name of the key: 64 hexadecimal digits."),
			secretField("cak", "CAK", "The key: 64 hexadecimal digits. After an error it is to be typed again."),
			textField("secret", "Secret ARN", "Instead of both."),
		},
	})
	return section{ID: "macsec-add", Title: "Associate a MACsec key", Fold: true, Open: f.Error != "", Forms: []form{f}}
}

func needsRemoval(id string) []controlplane.Wish {
	return needs("DisassociateMacSecKey", api.DisassociateMacSecKeyRequest{ConnectionID: &id})
}

func associateKey(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.AssociateMacSecKeyRequest, api.AssociateMacSecKeyResponse](v, "AssociateMacSecKey", api.AssociateMacSecKeyRequest{
		ConnectionID: &id, Ckn: in.text("ckn"), Cak: in.secret("cak"), SecretARN: in.text("secret"),
	})
	return v.resource(), "key-added", err
}

// removeKeySheet asks before a key is taken away.
func removeKeySheet(v *visit, t *tried) (*sheet, error) {
	id := v.PathValue("id")
	if err := v.mayKey(id); err != nil {
		return nil, err
	}
	secret := v.FormValue("secret")
	return &sheet{
		Title: "Remove a MACsec key?", Crumbs: []link{{Text: id, Href: v.resource()}},
		Lead: "Without any key the port does not encrypt; with must_encrypt it falls back to should_encrypt.",
		Sections: []section{
			{ID: "goes", Facts: knownFacts(known("From", coded(id)), known("Secret", coded(secret)))},
			{ID: "sure", Links: []link{{Text: "Keep it", Href: v.resource()}}, Forms: []form{v.form(t, form{
				ID: "macsec-remove", Action: v.resource() + "/macsec/remove", Submit: "Remove the key", Danger: true, Needs: needsRemoval(id), Hidden: []field{hiddenField("secret", secret)},
			})}},
		},
	}, nil
}

func removeKey(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.DisassociateMacSecKeyRequest, api.DisassociateMacSecKeyResponse](v, "DisassociateMacSecKey", api.DisassociateMacSecKeyRequest{
		ConnectionID: &id, SecretARN: in.text("secret"),
	})
	return v.resource(), "key-removed", err
}

// mayKey finds out whether a connection, LAG or interconnect is the visitor's.
func (v *visit) mayKey(id string) (err error) {
	switch {
	case directconnect.IsLAGID(id):
		_, err = v.oneLag(id)
	case strings.HasPrefix(v.URL.Path, interconnectsPath+"/"):
		_, err = v.oneInterconnect(id)
	default:
		_, err = v.oneConnection(id)
	}
	return err
}
