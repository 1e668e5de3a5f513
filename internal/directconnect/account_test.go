package directconnect

import "testing"

func TestCheckAccountID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"000000000000", "123456789012"} {
		if err := CheckAccountID("ownerAccount", id); err != nil {
			t.Error(err)
		}
	}
	for _, id := range []string{"", "12345678901", "1234567890123", "12345678901a", "123456 89012", "١٢٣٤٥٦", "-12345678901"} {
		refused(t, CheckAccountID("ownerAccount", id), "ownerAccount "+id+" is not a valid account ID.")
	}
}

func TestPartners(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		a               Account
		kind            PartnerKind
		hosts, declared bool
	}{
		{Account{ID: customer}, NonPartner, false, false},
		{Account{ID: customer, Partner: NonPartner}, NonPartner, false, false},
		{Account{ID: customer, Partner: PartnerV1}, PartnerV1, true, true},
		{Account{ID: customer, Partner: PartnerV2}, PartnerV2, true, true},
		{Account{ID: customer, Partner: PartnerV2, Open: true}, PartnerV2, true, false},
		{Account{ID: customer, Open: true}, NonPartner, false, false},
	} {
		err := k.a.MayHost()
		if k.hosts && err != nil {
			t.Errorf("%+v: %v", k.a, err)
		} else if !k.hosts {
			refused(t, err, "Account 111111111111 is not an AWS Direct Connect Partner.")
		}
		if got := k.a.PartnerKind(); got != k.kind {
			t.Errorf("%+v: kind %s", k.a, got)
		}
		if got := k.a.IsDeclaredPartner(); got != k.declared {
			t.Errorf("%+v: declared %v", k.a, got)
		}
	}
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	same(t, Quotas{ConnectionsPerLocation: 10, LAGsPerRegion: 10, Gateways: 200, MACsecKeys: 3}, DocumentedQuotas)
	refused(t, QuotaExceeded("connections at location EqDC2", 10), "You have reached the limit of 10 connections at location EqDC2.")
}

func TestAgreement(t *testing.T) {
	t.Parallel()
	a := Account{ID: customer}
	signed := must(a.ConfirmAgreement(""))
	if a.HasSigned(Agreement) || !signed.HasSigned(Agreement) {
		t.Errorf("before %v, after %v", a.Signed, signed.Signed)
	}
	same(t, signed, must(signed.ConfirmAgreement(Agreement)))
	got, err := a.ConfirmAgreement("Another")
	refused(t, err, "Could not find agreement with name Another")
	same(t, a, got)
}

func TestParseBillingMode(t *testing.T) {
	t.Parallel()
	if got := must(ParseBillingMode("")); got != PayAsYouGo {
		t.Errorf("nothing asked for is %s", got)
	}
	for _, m := range RequestBillingModes {
		if got := must(ParseBillingMode(string(m))); got != m {
			t.Errorf("got %s, want %s", got, m)
		}
	}
	for _, s := range []string{"PortPairFlatRateTier1", "FlatRateTier6", "payasyougo"} {
		_, err := ParseBillingMode(s)
		refused(t, err, "Billing mode "+s+" is not valid.")
	}
}

func TestRequired(t *testing.T) {
	t.Parallel()
	refused(t, Required("location"), "location is required.")
}
