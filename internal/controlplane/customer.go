package controlplane

import (
	"context"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// DescribeCustomerMetadata answers the agreements and the kind of partner that the account is.
func (s *Service) DescribeCustomerMetadata(ctx context.Context, caller Caller, _ *api.DescribeCustomerMetadataRequest) (out *api.DescribeCustomerMetadataResponse, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		a, err := s.account(tx, caller.Account)
		if err != nil {
			return err
		}
		name, status := directconnect.Agreement, agreementStatus(a)
		out = &api.DescribeCustomerMetadataResponse{
			Agreements:     []api.CustomerAgreement{{AgreementName: &name, Status: &status}},
			NniPartnerType: text(a.PartnerKind()),
		}
		return nil
	})
	return out, err
}

// ConfirmCustomerAgreement signs the named agreement, or the only one. Signing twice changes nothing.
func (s *Service) ConfirmCustomerAgreement(ctx context.Context, caller Caller, in *api.ConfirmCustomerAgreementRequest) (out *api.ConfirmCustomerAgreementResponse, err error) {
	err = answer(ctx, s, &out, func(tx *store.Tx) error {
		a, err := s.storedAccount(tx, caller.Account)
		if err != nil {
			return err
		}
		if a, err = a.ConfirmAgreement(value(in.AgreementName)); err != nil {
			return err
		}
		status := agreementStatus(a)
		out = &api.ConfirmCustomerAgreementResponse{Status: &status}
		return tx.PutAccount(&a)
	})
	return out, err
}

func agreementStatus(a directconnect.Account) string {
	if a.HasSigned(directconnect.Agreement) {
		return "signed"
	}
	return "unsigned"
}
