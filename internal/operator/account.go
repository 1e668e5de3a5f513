package operator

import (
	"context"
	"net/http"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func (a *api) accountRoutes() []route {
	return []route{
		{pattern: "GET /v1/accounts", summary: "List the accounts.", out: []Account{}, query: []parameter{afterParameter}, handle: a.listAccounts},
		{pattern: "POST /v1/accounts", summary: "Add an account.", in: AccountChange{}, out: created{Account{}}, handle: a.addAccount},
		{pattern: "GET /v1/accounts/{id}", summary: "Show an account.", out: Account{}, handle: a.showAccount},
		{pattern: "PATCH /v1/accounts/{id}", summary: "Change an account.", in: AccountChange{}, out: Account{}, handle: a.setAccount},
	}
}

// accountPage is how many accounts one answer holds; ?after= goes on behind an ID.
const accountPage = 1000

func (a *api) listAccounts(ctx context.Context, r *http.Request) (any, error) {
	accounts, err := a.Service.Accounts(ctx, r.URL.Query().Get("after"), accountPage)
	if err != nil {
		return nil, err
	}
	list := make([]Account, len(accounts))
	for i, account := range accounts {
		list[i] = accountOf(account)
	}
	return list, nil
}

func (a *api) addAccount(ctx context.Context, r *http.Request) (any, error) {
	var in AccountChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	account, err := a.Service.AddAccount(ctx, in.ID, in.change())
	if err != nil {
		return nil, err
	}
	return created{accountOf(account)}, nil
}

func (a *api) showAccount(ctx context.Context, r *http.Request) (any, error) {
	account, err := a.Service.Account(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return accountOf(account), nil
}

func (a *api) setAccount(ctx context.Context, r *http.Request) (any, error) {
	var in AccountChange
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	if in.ID != "" {
		return nil, problem(http.StatusBadRequest, "The ID of an account cannot be changed.")
	}
	account, err := a.Service.SetAccount(ctx, r.PathValue("id"), in.change())
	if err != nil {
		return nil, err
	}
	return accountOf(account), nil
}

func (in AccountChange) change() controlplane.AccountChange {
	return controlplane.AccountChange{
		Name: in.Name, Partner: (*directconnect.PartnerKind)(in.Partner), Quotas: controlplane.QuotaChange(in.Quotas),
	}
}
