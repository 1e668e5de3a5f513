package console

import (
	"strconv"
	"strings"

	"onramp/internal/api"
)

// tagSections show the tags of a resource and let them be changed. back is the page that they are on.
func (v *visit) tagSections(t *tried, arn, back string) []section {
	out, err := ask[api.DescribeTagsRequest, api.DescribeTagsResponse](v, "DescribeTags", api.DescribeTagsRequest{ResourceARNs: []string{arn}})
	if err != nil {
		return []section{{ID: "tags", Title: "Tags", Empty: told(err)}}
	}
	var tags []api.Tag
	for _, r := range out.ResourceTags {
		tags = append(tags, r.Tags...)
	}
	shown := &table{Caption: "Tags", Head: []string{"Key", "Value"}, Empty: "No tags."}
	var choices []option
	for _, tag := range tags {
		shown.Rows = append(shown.Rows, []cell{plain(value(tag.Key)), plain(value(tag.Value))})
		choices = append(choices, option{Value: value(tag.Key), Label: value(tag.Key)})
	}
	where := []field{hiddenField("arn", arn)}
	put := v.form(t, form{
		ID: "tag", Action: back + "/tag", Submit: "Set the tag", Quiet: true, Hidden: where, Needs: needs("TagResource", api.TagResourceRequest{ResourceARN: &arn}),
		Fields: []field{textField("key", "Key", "A key that is there already gets the new value.").must(), textField("value", "Value", "")},
	})
	forms := []form{put}
	if len(tags) > 0 {
		forms = append(forms, v.form(t, form{
			ID: "untag", Action: back + "/untag", Submit: "Remove the ticked tags", Quiet: true, Hidden: where, Needs: needs("UntagResource", api.UntagResourceRequest{ResourceARN: &arn}),
			Fields: []field{{Name: "key", Label: "Remove tags", Kind: "checks", Options: choices}},
		}))
	}
	open := t != nil && (t.form == "tag" || t.form == "untag")
	return []section{
		{ID: "tags", Title: "Tags", Table: shown},
		{ID: "tags-change", Title: "Change tags", Fold: true, Open: open, Forms: forms},
	}
}

func setTag(v *visit, in *input) (to, done string, err error) {
	tag := api.Tag{Key: in.text("key"), Value: pointer(in.Get("value"))}
	_, err = ask[api.TagResourceRequest, api.TagResourceResponse](v, "TagResource", api.TagResourceRequest{ResourceARN: in.text("arn"), Tags: []api.Tag{tag}})
	return "", "tagged", err
}

func removeTags(v *visit, in *input) (to, done string, err error) {
	_, err = ask[api.UntagResourceRequest, api.UntagResourceResponse](v, "UntagResource", api.UntagResourceRequest{ResourceARN: in.text("arn"), TagKeys: append([]string{}, in.Values["key"]...)})
	return "", "untagged", err
}

// tags reads lines of key=value. A tag may be without a value, but not by an oversight.
func (in *input) tags(name string) []api.Tag {
	var tags []api.Tag
	for line := range strings.Lines(in.Get(name)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, val, found := strings.Cut(line, "=")
		if !found {
			in.wrong("Tags: " + strconv.Quote(line) + " has no = between key and value. A tag without a value is written with one in the end: " + line + "=")
			continue
		}
		key, val = strings.TrimSpace(key), strings.TrimSpace(val)
		tags = append(tags, api.Tag{Key: &key, Value: &val})
	}
	return tags
}

// tagTexts are tags as they are typed in.
func tagTexts(tags []api.Tag) string {
	var texts []string
	for _, tag := range tags {
		texts = append(texts, value(tag.Key)+"="+value(tag.Value))
	}
	return strings.Join(texts, ", ")
}
