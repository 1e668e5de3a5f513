package controlplane

import (
	"context"
	"errors"

	"onramp/internal/api"
	"onramp/internal/directconnect"
	"onramp/internal/store"
)

// TagResource adds tags to a resource of the caller's; a key that exists takes the new value.
func (s *Service) TagResource(ctx context.Context, caller Caller, in *api.TagResourceRequest) (*api.TagResourceResponse, error) {
	arn, err := ownARN(caller, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	if in.Tags == nil {
		return nil, directconnect.Required("tags")
	}
	tags, err := tagsOf(in.Tags)
	if err != nil {
		return nil, err
	}
	err = s.retag(ctx, caller, arn, func(have []directconnect.Tag) ([]directconnect.Tag, error) {
		return directconnect.MergeTags(have, tags)
	})
	return &api.TagResourceResponse{}, err
}

// UntagResource removes tags by key; a key that is not there is passed over.
func (s *Service) UntagResource(ctx context.Context, caller Caller, in *api.UntagResourceRequest) (*api.UntagResourceResponse, error) {
	arn, err := ownARN(caller, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	if in.TagKeys == nil {
		return nil, directconnect.Required("tagKeys")
	}
	err = s.retag(ctx, caller, arn, func(have []directconnect.Tag) ([]directconnect.Tag, error) {
		return directconnect.RemoveTags(have, in.TagKeys), nil
	})
	return &api.UntagResourceResponse{}, err
}

// maxTagARNs bounds resourceArns. The service's own limit is not known.
const maxTagARNs = 20

// DescribeTags answers the tags of the caller's resources, an entry for each.
func (s *Service) DescribeTags(ctx context.Context, caller Caller, in *api.DescribeTagsRequest) (out *api.DescribeTagsResponse, err error) {
	if in.ResourceARNs == nil {
		return nil, directconnect.Required("resourceArns")
	}
	if len(in.ResourceARNs) > maxTagARNs {
		return nil, directconnect.Clientf("resourceArns must name at most %d resources.", maxTagARNs)
	}
	out = &api.DescribeTagsResponse{ResourceTags: make([]api.ResourceTag, 0, len(in.ResourceARNs))}
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		out.ResourceTags = out.ResourceTags[:0]
		for _, text := range in.ResourceARNs {
			arn, err := ownARN(caller, &text)
			if err != nil {
				return err
			}
			r, err := s.taggable(tx, caller, arn)
			if err != nil {
				return err
			}
			out.ResourceTags = append(out.ResourceTags, api.ResourceTag{ResourceARN: &text, Tags: renderTags(r.tags)})
		}
		return nil
	})
	return out, err
}

// ownARN reads an ARN that can only name something of the caller's.
func ownARN(caller Caller, text *string) (directconnect.ARN, error) {
	s, err := requiredText("resourceArn", text)
	if err != nil {
		return directconnect.ARN{}, err
	}
	arn, err := directconnect.ParseARN(s, caller.Account, caller.Region)
	if err == nil && arn.Account != caller.Account {
		err = directconnect.NoResource(s)
	}
	return arn, err
}

func (s *Service) retag(ctx context.Context, caller Caller, arn directconnect.ARN, change func([]directconnect.Tag) ([]directconnect.Tag, error)) error {
	var nothing *struct{}
	return answer(ctx, s, &nothing, func(tx *store.Tx) error {
		r, err := s.taggable(tx, caller, arn)
		if err != nil {
			return err
		}
		tags, err := change(r.tags)
		if err != nil {
			return err
		}
		return r.put(tags)
	})
}

// tagged is a resource seen as what has tags.
type tagged struct {
	tags []directconnect.Tag
	put  func([]directconnect.Tag) error
}

// taggable loads what the ARN names, if the caller owns it.
func (s *Service) taggable(tx *store.Tx, caller Caller, arn directconnect.ARN) (tagged, error) {
	var rule *directconnect.Error
	switch arn.Type {
	case "dxcon":
		c, err := s.ownPort(tx, caller, arn.ID)
		if errors.As(err, &rule) {
			break
		}
		return tagged{c.Tags, func(tags []directconnect.Tag) error {
			c.Tags = tags
			return tx.PutConnection(&c)
		}}, err
	case "dxlag":
		g, err := ownLAG(tx, caller, arn.ID, s)
		if errors.As(err, &rule) {
			break
		}
		return tagged{g.Tags, func(tags []directconnect.Tag) error {
			g.Tags = tags
			return tx.PutLAG(&g)
		}}, err
	case "dxvif":
		v, err := s.ownInterface(tx, caller, arn.ID)
		if errors.As(err, &rule) {
			break
		}
		return tagged{v.Tags, func(tags []directconnect.Tag) error {
			v.Tags = tags
			return tx.PutInterface(&v)
		}}, err
	case "dx-gateway":
		g, err := s.ownGateway(tx, caller, arn.ID)
		if errors.As(err, &rule) {
			break
		}
		return tagged{g.Tags, func(tags []directconnect.Tag) error {
			g.Tags = tags
			return tx.PutGateway(&g)
		}}, err
	case "dx-resiliency-group":
		g, err := s.ownResiliencyGroup(tx, caller, arn.ID)
		if errors.As(err, &rule) {
			break
		}
		return tagged{g.Tags, func(tags []directconnect.Tag) error {
			g.Tags = tags
			return tx.PutResiliencyGroup(&g)
		}}, err
	}
	return tagged{}, directconnect.NoResource(arn.String())
}
