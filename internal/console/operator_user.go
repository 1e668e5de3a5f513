package console

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"onramp/internal/controlplane"
)

func userPath(account, name string) string {
	return accountsPath + "/" + account + "/users/" + url.PathEscape(name)
}

func userRoutes() []route {
	const one = accountsPath + "/{id}/users/{name}"
	here := func(v *visit) string { return userPath(v.PathValue("id"), v.PathValue("name")) }
	do := func(name, done string, what func(ctx context.Context, v *visit, in *input) error) route {
		return sheetAction(one+"/"+name, accountsPath, name, func(v *visit, in *input) (string, string, error) {
			return here(v), done, move(v, v.PathValue("name"), func(ctx context.Context) error { return what(ctx, v, in) })
		}, userSheet)
	}
	return []route{
		sheetPage(one, accountsPath, userSheet),
		do("password", "password", func(ctx context.Context, v *visit, in *input) error {
			if in.Get("password") == "" {
				return badRequest("The password is empty.")
			}
			return v.console.Service.SetConsolePassword(ctx, v.PathValue("id"), v.PathValue("name"), in.Get("password"), "", v.console.Now())
		}),
		do("password-remove", "removed", func(ctx context.Context, v *visit, _ *input) error {
			return v.console.Service.SetConsolePassword(ctx, v.PathValue("id"), v.PathValue("name"), "", "", v.console.Now())
		}),
		do("totp-remove", "removed", func(ctx context.Context, v *visit, _ *input) error {
			return v.console.Service.RemoveTOTP(ctx, v.PathValue("id"), v.PathValue("name"))
		}),
		do("attach", "changed", func(ctx context.Context, v *visit, in *input) error {
			policy := strings.TrimSpace(in.Get("policy"))
			tells(ctx, "policy", policy)
			_, err := v.console.Service.AttachPolicy(ctx, v.PathValue("id"), controlplane.User, v.PathValue("name"), policy)
			return err
		}),
		do("detach", "changed", func(ctx context.Context, v *visit, in *input) error {
			tells(ctx, "policy", in.Get("policy"))
			_, err := v.console.Service.DetachPolicy(ctx, v.PathValue("id"), controlplane.User, v.PathValue("name"), in.Get("policy"))
			return err
		}),
		sheetAction(one+"/key-disable", accountsPath, "key-disable", setKey(true), userSheet),
		sheetAction(one+"/key-enable", accountsPath, "key-enable", setKey(false), userSheet),
		sheetAction(one+"/remove", accountsPath, "remove", func(v *visit, _ *input) (string, string, error) {
			return accountsPath + "/" + v.PathValue("id"), "removed", move(v, v.PathValue("name"), func(ctx context.Context) error {
				return v.console.Service.RemovePrincipal(ctx, v.PathValue("id"), controlplane.User, v.PathValue("name"))
			})
		}, userSheet),
	}
}

// setKey disables one of a user's keys, or enables it. The key is what the record of it names.
func setKey(disabled bool) action {
	return func(v *visit, in *input) (string, string, error) {
		account, name, key := v.PathValue("id"), v.PathValue("name"), in.Get("key")
		_, keys, err := v.console.Service.Principal(v.Context(), account, controlplane.User, name)
		if err != nil {
			return "", "", err
		}
		if !slices.ContainsFunc(keys, func(k controlplane.AccessKey) bool { return k.ID == key }) {
			return "", "", &controlplane.Refusal{Reason: controlplane.Missing, Message: "The user has no such access key."}
		}
		return userPath(account, name), "changed", move(v, key, func(ctx context.Context) error {
			_, err := v.console.Service.SetAccessKey(ctx, account, key, disabled)
			return err
		})
	}
}

// userKeys is the table of a user's keys, and those that can be disabled and enabled.
func userKeys(keys []controlplane.AccessKey) (of *table, active, disabled []option) {
	of = &table{Caption: "Access keys", Head: []string{"Key", "Since", "Status"}, Empty: "The user has no access keys."}
	for _, k := range keys {
		of.Rows = append(of.Rows, []cell{coded(k.ID), plain(day(k.Created)), plain(keyStatus(k))})
		choice := option{Value: k.ID, Label: k.ID}
		if k.Disabled {
			disabled = append(disabled, choice)
		} else {
			active = append(active, choice)
		}
	}
	return of, active, disabled
}

func userSheet(v *visit, t *tried) (*sheet, error) {
	account, name := v.PathValue("id"), v.PathValue("name")
	u, keys, err := v.console.Service.Principal(v.Context(), account, controlplane.User, name)
	if err != nil {
		return nil, err
	}
	access, err := v.console.Service.ConsoleAccessOf(v.Context(), account, name)
	if err != nil {
		return nil, err
	}
	here := userPath(account, u.Name)
	policies := &table{Caption: "Policies", Head: []string{"Policy", "Kind"}, Empty: "The user may do nothing yet."}
	var attached []option
	for _, arn := range u.Attached {
		policies.Rows = append(policies.Rows, []cell{coded(arn), plain("attached")})
		attached = append(attached, option{Value: arn, Label: arn})
	}
	for own := range u.Inline {
		policies.Rows = append(policies.Rows, []cell{plain(own), plain("the user's own")})
	}
	password, factor := "none", "off"
	if access.Password {
		password = "set " + when(access.Changed)
	}
	if access.TOTP {
		factor = "on"
	}
	keyTable, active, disabled := userKeys(keys)
	one := func(id, title, note, submit string, danger bool, fields ...field) section {
		return section{ID: "do-" + id, Title: title, Note: note, Fold: true, Open: t != nil && t.form == id,
			Forms: []form{v.form(t, form{ID: id, Action: here + "/" + id, Submit: submit, Danger: danger, Quiet: true, Fields: fields})}}
	}
	p := &sheet{
		Title: u.Name, Crumbs: []link{{Text: "Accounts", Href: accountsPath}, {Text: account, Href: accountsPath + "/" + account}},
		Live: []section{
			{ID: "facts", Facts: knownFacts(known("ARN", coded(controlplane.PrincipalARN(u))), knownText("Operator of all accounts", map[bool]string{true: "yes"}[u.Operator]),
				knownText("Password for the console", password), knownText("Second factor", factor), knownText("Since", when(u.Created)))},
			{ID: "policies", Title: "Policies", Table: policies}, {ID: "keys", Title: "Access keys", Table: keyTable},
		},
		Sections: []section{
			one("password", "Set a password for the console", "Tell the user in person. All their sessions end.", "Set the password", false, secretField("password", "Password", "12 characters or more.").must()),
			one("attach", "Attach a policy", "", "Attach it", false, selectField("policy", "Policy", "", policyChoices()[1:]).must()),
		},
	}
	if len(attached) > 0 {
		p.Sections = append(p.Sections, one("detach", "Take a policy away", "", "Take it away", true, selectField("policy", "Policy", "", attached).must()))
	}
	if len(active) > 0 {
		p.Sections = append(p.Sections, one("key-disable", "Disable an access key", "Requests with it are refused until it is enabled again.", "Disable the key", true, selectField("key", "Key", "", active).must()))
	}
	if len(disabled) > 0 {
		p.Sections = append(p.Sections, one("key-enable", "Enable an access key", "", "Enable the key", false, selectField("key", "Key", "", disabled).must()))
	}
	if access.Password {
		p.Sections = append(p.Sections, one("password-remove", "Take the password away", "All sessions end, and the second factor goes with it.", "Take the password away", true))
	}
	if access.TOTP {
		p.Sections = append(p.Sections, one("totp-remove", "Ask for no second factor", "For a user who has lost it.", "Ask for none any more", true))
	}
	p.Sections = append(p.Sections, one("remove", "Remove the user", "Their access keys, password and sessions go with them.", "Remove "+u.Name, true))
	return p, nil
}
