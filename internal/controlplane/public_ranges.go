package controlplane

import (
	"context"
	"errors"

	"onramp/internal/directconnect"
	"onramp/internal/inventory"
	"onramp/internal/store"
)

// PublicRanges answers the provider's own prefixes, which are announced on public interfaces: those that an operator set, or
// directconnect.DefaultPublicRanges.
func (s *Service) PublicRanges(ctx context.Context) (ranges []directconnect.PublicRange, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		text, err := tx.Setting(directconnect.PublicRangesSetting)
		if errors.Is(err, store.ErrNotFound) || err == nil && text == "" {
			ranges = directconnect.DefaultPublicRanges
			return nil
		}
		if err == nil {
			ranges, err = directconnect.ParsePublicRanges(text)
		}
		return err
	})
	return ranges, err
}

// SetPublicRanges makes these the provider's prefixes, in place of all that there were, and answers them in order. Public
// interfaces announce them from the next look at their routers on.
func (s *Service) SetPublicRanges(ctx context.Context, ranges []directconnect.PublicRange) ([]directconnect.PublicRange, error) {
	for _, r := range ranges {
		if r.Region != "" && !inventory.IsRegion(r.Region) {
			return nil, refuse(Invalid, "%q is not the name of a Region.", r.Region)
		}
	}
	text, err := directconnect.FormatPublicRanges(ranges)
	if err != nil {
		return nil, err
	}
	kept, err := directconnect.ParsePublicRanges(text)
	if err != nil {
		return nil, invalid(err)
	}
	if text, err = directconnect.FormatPublicRanges(kept); err != nil {
		return nil, err
	}
	return kept, s.update(ctx, func(tx *store.Tx) error {
		if err := tx.PutSetting(directconnect.PublicRangesSetting, text); err != nil {
			return err
		}
		return s.wakePublic(tx)
	})
}

// wakePublic has every public interface looked at again.
func (s *Service) wakePublic(tx *store.Tx) error {
	public, err := interfacesWhere(tx, isPublic)
	for _, v := range public {
		if err == nil {
			v.Due = s.Now()
			err = tx.PutInterface(&v)
		}
	}
	return err
}

func isPublic(v directconnect.VirtualInterface) bool { return v.Type == directconnect.Public }
