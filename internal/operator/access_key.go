package operator

import (
	"context"
	"net/http"
)

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
	var in struct {
		ID     string `json:"id"`
		Secret string `json:"secret"`
		User   string `json:"user"`
	}
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

func (a *api) removeAccessKey(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.RemoveAccessKey(ctx, r.PathValue("id"), r.PathValue("key"))
}
