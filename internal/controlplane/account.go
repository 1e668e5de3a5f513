package controlplane

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// AccountChange is what an operator says of an account; nil leaves a value as it is, or as new accounts have it.
type AccountChange struct {
	Name    *string
	Partner *directconnect.PartnerKind
	Quotas  QuotaChange
}

// QuotaChange is what an operator says of an account's quotas; zero lifts a quota.
type QuotaChange struct {
	ConnectionsPerLocation, LAGsPerRegion, Gateways, MACsecKeys *int
}

// AddAccount configures an account. An empty id has one made up. The first configured account ends open mode.
func (s *Service) AddAccount(ctx context.Context, id string, change AccountChange) (directconnect.Account, error) {
	given := id != ""
	if given && !directconnect.IsAccountID(id) {
		return directconnect.Account{}, refuse(Invalid, "%q is not an account ID: that is twelve digits.", id)
	}
	var added directconnect.Account
	err := s.update(ctx, func(tx *store.Tx) error {
		if !given {
			id = fmt.Sprintf("%012d", random()%1_000_000_000_000)
		}
		added = directconnect.Account{
			ID: id, Name: "Account " + id, Partner: directconnect.NonPartner, Quotas: directconnect.DocumentedQuotas,
		}
		switch known, err := tx.Account(id); {
		case err == nil && !known.Open:
			return refuse(Conflict, "There is an account %s already.", id)
		case err == nil:
			// It was used in open mode: what it signed stays, what it may do is now the operator's to say.
			added.Signed, added.Version = known.Signed, known.Version
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		if err := change.apply(&added); err != nil {
			return err
		}
		madeByMove(ctx, id, id)
		return tx.PutAccount(&added)
	})
	s.credentials.forget()
	return added, err
}

// SetAccount changes a configured account.
func (s *Service) SetAccount(ctx context.Context, id string, change AccountChange) (directconnect.Account, error) {
	var a directconnect.Account
	err := s.update(ctx, func(tx *store.Tx) (err error) {
		if a, err = configuredAccount(tx, id); err != nil {
			return err
		}
		if err := change.apply(&a); err != nil {
			return err
		}
		return tx.PutAccount(&a)
	})
	return a, err
}

// Account answers a configured account.
func (s *Service) Account(ctx context.Context, id string) (directconnect.Account, error) {
	var a directconnect.Account
	err := s.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = configuredAccount(tx, id)
		return err
	})
	return a, err
}

// Accounts lists configured accounts by ID, from the one after the given; at most limit of them.
func (s *Service) Accounts(ctx context.Context, after string, limit int) ([]directconnect.Account, error) {
	var listed []directconnect.Account
	err := s.Store.View(ctx, func(tx *store.Tx) error {
		listed = nil
		for after := after; len(listed) < limit; {
			accounts, err := tx.Accounts(after, limit)
			if err != nil || len(accounts) == 0 {
				return err
			}
			for _, a := range accounts {
				if !a.Open && len(listed) < limit {
					listed = append(listed, a)
				}
			}
			after = accounts[len(accounts)-1].ID
		}
		return nil
	})
	return listed, err
}

// configuredAccount loads an account that an operator made; those of open mode are nobody's to manage.
func configuredAccount(tx *store.Tx, id string) (directconnect.Account, error) {
	a, err := tx.Account(id)
	if err == nil && a.Open {
		err = store.ErrNotFound
	}
	return a, missing(err, "There is no account %q.", id)
}

// checkAccount refuses an account that is not there. In open mode all are: whoever signs with twelve digits is that account.
func checkAccount(tx *store.Tx, account string) error {
	configured, err := tx.HasAccounts()
	if err == nil && !configured && directconnect.IsAccountID(account) {
		return nil
	}
	if err == nil {
		_, err = configuredAccount(tx, account)
	}
	return err
}

const maxAccountName = 255

// apply lays the change over an account.
func (change AccountChange) apply(a *directconnect.Account) error {
	if change.Name != nil {
		name := *change.Name
		if name == "" || utf8.RuneCountInString(name) > maxAccountName || !printable(name) {
			return refuse(Invalid, "A name is 1 to %d printable characters.", maxAccountName)
		}
		a.Name = name
	}
	if change.Partner != nil {
		switch *change.Partner {
		case directconnect.NonPartner, directconnect.PartnerV1, directconnect.PartnerV2:
			a.Partner = *change.Partner
		default:
			return refuse(Invalid, "Partner kind %q is not one of nonPartner, v1, v2.", *change.Partner)
		}
	}
	return change.Quotas.apply(&a.Quotas)
}

func (change QuotaChange) apply(q *directconnect.Quotas) error {
	for _, of := range []struct{ from, to *int }{
		{change.ConnectionsPerLocation, &q.ConnectionsPerLocation}, {change.LAGsPerRegion, &q.LAGsPerRegion},
		{change.Gateways, &q.Gateways}, {change.MACsecKeys, &q.MACsecKeys},
	} {
		if of.from == nil {
			continue
		}
		if *of.from < 0 {
			return refuse(Invalid, "A quota cannot be negative; 0 lifts it.")
		}
		*of.to = *of.from
	}
	return nil
}
