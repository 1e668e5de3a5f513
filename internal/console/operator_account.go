package console

import (
	"context"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func accountRoutes() []route {
	const one = accountsPath + "/{id}"
	return []route{
		sheetPage(accountsPath, accountsPath, accountsSheet), sheetAction(accountsPath, accountsPath, "account", addAccount, accountsSheet),
		sheetPage(one, accountsPath, accountSheet),
		sheetAction(one, accountsPath, "change", moved(under(accountsPath), "changed", changeAccount), accountSheet),
		sheetAction(one+"/users", accountsPath, "user", addUser, accountSheet),
		{pattern: "POST " + one + "/keys", handle: addKey},
		sheetAction(one+"/keys/remove", accountsPath, "key-remove", moved(under(accountsPath), "removed", func(ctx context.Context, v *visit, in *input) error {
			tells(ctx, "id", in.Get("key"))
			return v.console.Service.RemoveAccessKey(ctx, v.PathValue("id"), in.Get("key"))
		}), accountSheet),
	}
}

func accountsSheet(v *visit, t *tried) (*sheet, error) {
	all, err := v.console.Service.Accounts(v.Context(), v.asked("after"), operatorPage+1)
	if err != nil {
		return nil, err
	}
	all, after := cut(all, func(a directconnect.Account) string { return a.ID })
	list := &table{Caption: "Accounts", Head: []string{"Account", "Name", "Partner"}, Empty: "No account is configured: this is open mode, in which everybody enters as any account. The first account that you add ends it."}
	for _, a := range all {
		list.Rows = append(list.Rows, []cell{accountCell(a.ID), plain(a.Name), plain(string(a.Partner))})
	}
	enter := v.form(nil, form{ID: "act", Action: "/console/operator/act", Submit: "Look after it", Quiet: true,
		Fields: []field{textField("account", "Account", "12 digits. You see and do there all that the account can; the audit trail shows that it was you.").must()}})
	return &sheet{
		Title: "Accounts", Live: []section{{ID: "list", Table: v.paged(list, after)}},
		Sections: []section{
			{ID: "look-after", Title: "Look after an account", Forms: []form{enter}},
			{ID: "add-account", Title: "Add an account", Forms: []form{v.form(t, form{ID: "account", Once: true, Action: accountsPath, Submit: "Add the account", Fields: []field{
				textField("id", "Account", "12 digits.").must(), textField("name", "Name", ""), selectField("partner", "Partner", "Whether it may host connections for others: v1 of 50 to 500 Mbps, v2 of all.", choices("", "nonPartner", "v1", "v2")),
			}})}},
		},
	}, nil
}

// accountChange is what a form says of an account.
func accountChange(in *input) controlplane.AccountChange {
	name, partner := strings.TrimSpace(in.Get("name")), directconnect.PartnerKind(in.Get("partner"))
	return controlplane.AccountChange{Name: &name, Partner: &partner}
}

func addAccount(v *visit, in *input) (to, done string, err error) {
	id := strings.TrimSpace(in.Get("id"))
	to = v.leadsTo(accountsPath + "/" + id)
	err = move(v, id, func(ctx context.Context) error {
		tells(ctx, "id", id, "name", strings.TrimSpace(in.Get("name")), "partner", in.Get("partner"))
		_, err := v.console.Service.AddAccount(ctx, id, accountChange(in))
		return err
	})
	return to, "created", err
}

func changeAccount(ctx context.Context, v *visit, in *input) error {
	tells(ctx, "name", strings.TrimSpace(in.Get("name")), "partner", in.Get("partner"))
	_, err := v.console.Service.SetAccount(ctx, v.PathValue("id"), accountChange(in))
	return err
}

func addUser(v *visit, in *input) (to, done string, err error) {
	account, name, isOperator := v.PathValue("id"), strings.TrimSpace(in.Get("user")), in.Get("operator") == "true"
	var attach []string
	if policy := in.Get("policy"); policy != "" {
		attach = []string{policy}
	}
	to = v.leadsTo(userPath(account, name))
	err = move(v, name, func(ctx context.Context) error {
		tells(ctx, "name", name, "policy", in.Get("policy"), "operator", in.Get("operator"))
		_, err := v.console.Service.AddPrincipal(ctx, account, controlplane.User, name, controlplane.PrincipalChange{Operator: &isOperator}, attach)
		return err
	})
	return to, "created", err
}

// keyView is an access key that was just made.
type keyView struct{ Account, ID, Secret string }

// addKey makes an access key and shows its secret, this once.
func addKey(v *visit) (answer, error) {
	account, user := v.PathValue("id"), v.PostFormValue("user")
	here := accountsPath + "/" + account
	if again, err := v.sentBefore("key", v.PostFormValue(onceName), here); again != nil || err != nil {
		return again, err
	}
	v.leadsTo(here)
	view := keyView{Account: account}
	err := move(v, account, func(ctx context.Context) (err error) {
		tells(ctx, "user", user)
		var made controlplane.AccessKey
		if user == "" {
			made, view.Secret, err = v.console.Service.AddAccessKey(ctx, account, "", "")
		} else {
			made, view.Secret, err = v.console.Service.AddUserAccessKey(ctx, account, user, "", "")
		}
		view.ID = made.ID
		return err
	})
	if again := v.sentAlready(here); again != nil { // its secret was shown to whoever was first
		return again, nil
	}
	if err != nil {
		return nil, err
	}
	return page{template: "key.html", title: "A new access key", nav: accountsPath, data: view}, nil
}

// keyStatus is the word for whether a key is good.
func keyStatus(k controlplane.AccessKey) string {
	if k.Disabled {
		return "disabled"
	}
	return "active"
}

func accountSheet(v *visit, t *tried) (*sheet, error) {
	id := v.PathValue("id")
	a, err := v.console.Service.Account(v.Context(), id)
	if err != nil {
		return nil, err
	}
	users, err := v.console.Service.Principals(v.Context(), id, controlplane.User, "", 0)
	if err != nil {
		return nil, err
	}
	keys, err := v.console.Service.AccessKeys(v.Context(), id)
	if err != nil {
		return nil, err
	}
	userTable := &table{Caption: "Users", Head: []string{"User", "Policies", "Operator", "Since"}, Empty: "The account has no users."}
	owners := []option{{Value: "", Label: "the account itself, for everything"}}
	for _, u := range users {
		policies := len(u.Attached) + len(u.Inline)
		userTable.Rows = append(userTable.Rows, []cell{linked(u.Name, userPath(id, u.Name)), plain(number(&policies)), plain(map[bool]string{true: "yes"}[u.Operator]), plain(day(u.Created))})
		owners = append(owners, option{Value: u.Name, Label: u.Name})
	}
	keyTable := &table{Caption: "Access keys", Head: []string{"Key", "Of", "Since", "Status"}, Empty: "The account has no access keys."}
	var keyChoices []option
	for _, k := range keys {
		keyTable.Rows = append(keyTable.Rows, []cell{coded(k.ID), plain(named(k.User, "the account itself")), plain(day(k.Created)), plain(keyStatus(k))})
		keyChoices = append(keyChoices, option{Value: k.ID, Label: k.ID})
	}
	here := accountsPath + "/" + id
	p := &sheet{
		Title: named(a.Name, id), Crumbs: []link{{Text: "Accounts", Href: accountsPath}},
		Actions: []link{{Text: "Its connections", Href: pathWith(allPath, "account", id)}, {Text: "Its audit trail", Href: pathWith(auditPath, "account", id)}},
		Live: []section{
			{ID: "facts", Facts: knownFacts(known("Account", coded(id)), knownText("Name", a.Name), knownText("Partner", string(a.Partner)))},
			{ID: "users", Title: "Users", Table: userTable}, {ID: "keys", Title: "Access keys", Table: keyTable},
		},
		Sections: []section{
			{ID: "look-after", Title: "Look after it", Forms: []form{v.form(nil, form{ID: "act", Action: "/console/operator/act", Submit: "Look after " + id, Hidden: []field{hiddenField("account", id)}})}},
			{ID: "add-user", Title: "Add a user", Fold: true, Open: t != nil && t.form == "user", Forms: []form{v.form(t, form{ID: "user", Once: true, Action: here + "/users", Submit: "Add the user", Fields: []field{
				textField("user", "Name", "").must(), selectField("policy", "May", "Other policies are attached on the command line.", policyChoices()), checkField("operator", "Is an operator", "Sees and does everything, in all accounts."),
			}})}},
			{ID: "add-key", Title: "Make an access key", Fold: true, Forms: []form{v.form(nil, form{ID: "key", Once: true, Action: here + "/keys", Submit: "Make the key", Quiet: true, Fields: []field{selectField("user", "Of", "", owners)}})}},
			{ID: "change-account", Title: "Change the account", Fold: true, Open: t != nil && t.form == "change", Forms: []form{v.form(t, form{ID: "change", Action: here, Submit: "Change", Quiet: true, Fields: []field{
				textField("name", "Name", "").with(a.Name), selectField("partner", "Partner", "", choices("", "nonPartner", "v1", "v2")).with(string(a.Partner)),
			}})}},
		},
	}
	if len(keyChoices) > 0 {
		p.Sections = append(p.Sections, section{ID: "remove-key", Title: "Remove an access key", Fold: true, Forms: []form{
			v.form(t, form{ID: "key-remove", Action: here + "/keys/remove", Submit: "Remove the key", Danger: true, Fields: []field{selectField("key", "Key", "", keyChoices).must()}})}})
	}
	return p, nil
}

// policyChoices are the policies that every account has.
func policyChoices() []option {
	all := []option{{Value: "", Label: "nothing yet"}}
	for _, p := range controlplane.ManagedPolicies() {
		all = append(all, option{Value: p.Name, Label: p.Name})
	}
	return all
}
