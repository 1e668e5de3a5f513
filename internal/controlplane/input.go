package controlplane

import (
	"strings"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// The readers of required members answer an error that names the member as the wire spells it.

func requiredText(member string, v *string) (string, error) {
	if v == nil {
		return "", directconnect.Required(member)
	}
	return *v, storable(member, *v)
}

// storable refuses NUL, which JSON can spell and PostgreSQL cannot keep, before it reaches a query.
func storable(member, v string) error {
	if strings.ContainsRune(v, 0) {
		return directconnect.Clientf("%s contains invalid characters.", member)
	}
	return nil
}

func optionalText(member string, v *string) (string, error) {
	if v == nil {
		return "", nil
	}
	return requiredText(member, v)
}

func requiredNumber(member string, v *int32) (int32, error) {
	if v == nil {
		return 0, directconnect.Required(member)
	}
	return *v, nil
}

// value answers what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// requiredConnectionID reads a well-formed connection ID.
func requiredConnectionID(v *string) (string, error) {
	id, err := requiredText("connectionId", v)
	if err != nil {
		return "", err
	}
	return id, directconnect.CheckConnectionID(id)
}

func requiredInterconnectID(v *string) (string, error) {
	id, err := requiredText("interconnectId", v)
	if err != nil {
		return "", err
	}
	return id, directconnect.CheckInterconnectID(id)
}

func requiredLAGID(v *string) (string, error) {
	id, err := requiredText("lagId", v)
	if err != nil {
		return "", err
	}
	return id, directconnect.CheckLAGID(id)
}

// parentID reads the ID of an interconnect or a LAG.
func parentID(member string, v *string) (string, error) {
	id, err := requiredText(member, v)
	if err != nil || directconnect.IsLAGID(id) {
		return id, err
	}
	return id, directconnect.CheckConnectionID(id)
}

// tagsOf reads tags from the wire; the model marks their key as required.
func tagsOf(in []api.Tag) ([]directconnect.Tag, error) {
	if len(in) == 0 {
		return nil, nil
	}
	tags := make([]directconnect.Tag, len(in))
	for i, t := range in {
		key, err := requiredText("key", t.Key)
		if err != nil {
			return nil, err
		}
		tags[i] = directconnect.Tag{Key: key, Value: value(t.Value)}
	}
	return tags, directconnect.CheckTags(tags)
}
