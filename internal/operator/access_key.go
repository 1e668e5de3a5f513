package operator

import (
	"context"
	"net/http"
)

// AccessKeyImport is the body of POST: whose the key is to be, and the pair itself where it is imported.
type AccessKeyImport struct {
	ID     string `json:"id,omitempty" audit:"yes"`
	Secret string `json:"secret,omitempty"`
	User   string `json:"user,omitempty" audit:"yes"`
}

func (a *api) accessKeyRoutes() []route {
	const keys = "/v1/accounts/{id}/access-keys"
	return []route{
		{pattern: "GET " + keys, summary: "List an account's access keys, without their secrets.", out: []AccessKey{}, handle: a.listAccessKeys},
		{pattern: "POST " + keys, summary: "Make an access key, or import one.", in: AccessKeyImport{}, out: created{AccessKey{}}, handle: a.addAccessKey},
		{pattern: "POST " + keys + "/{key}/disable", summary: "Disable an access key: requests with it are refused.", out: AccessKey{}, handle: a.setAccessKey(true)},
		{pattern: "POST " + keys + "/{key}/enable", summary: "Enable a disabled access key.", out: AccessKey{}, handle: a.setAccessKey(false)},
		{pattern: "DELETE " + keys + "/{key}", summary: "Remove an access key.", handle: a.removeAccessKey},
	}
}

func (a *api) listAccessKeys(ctx context.Context, r *http.Request) (any, error) {
	keys, err := a.Service.AccessKeys(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	list := make([]AccessKey, len(keys))
	for i, k := range keys {
		list[i] = accessKeyOf(k)
	}
	return list, nil
}

// addAccessKey makes a pair, or imports the one in the body.
func (a *api) addAccessKey(ctx context.Context, r *http.Request) (any, error) {
	var in AccessKeyImport
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	key, secret, err := a.Service.AddUserAccessKey(ctx, r.PathValue("id"), in.User, in.ID, in.Secret)
	if err != nil {
		return nil, err
	}
	out := accessKeyOf(key)
	if in.Secret == "" {
		out.Secret = secret // who imports a pair knows it
	}
	return created{out}, nil
}

func (a *api) setAccessKey(disabled bool) handler {
	return func(ctx context.Context, r *http.Request) (any, error) {
		key, err := a.Service.SetAccessKey(ctx, r.PathValue("id"), r.PathValue("key"), disabled)
		if err != nil {
			return nil, err
		}
		return accessKeyOf(key), nil
	}
}

func (a *api) removeAccessKey(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.RemoveAccessKey(ctx, r.PathValue("id"), r.PathValue("key"))
}
