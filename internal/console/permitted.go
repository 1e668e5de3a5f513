package console

import (
	"slices"

	"onramp/internal/api"
	"onramp/internal/controlplane"
)

// needs is what a form or a link asks of the API: an operation with its input as far as the page knows it. Of several made one
// slice, one is enough.
func needs[In any](operation string, in In) []controlplane.Wish {
	return []controlplane.Wish{{Operation: operation, In: &in}}
}

// needsInterface is what creating or allocating an interface on a connection or LAG asks for; nil: on one that is chosen later.
func needsInterface(on *string) []controlplane.Wish {
	return slices.Concat(
		needs("CreatePrivateVirtualInterface", api.CreatePrivateVirtualInterfaceRequest{ConnectionID: on}),
		needs("CreatePublicVirtualInterface", api.CreatePublicVirtualInterfaceRequest{ConnectionID: on}),
		needs("CreateTransitVirtualInterface", api.CreateTransitVirtualInterfaceRequest{ConnectionID: on}),
		needs("AllocatePrivateVirtualInterface", api.AllocatePrivateVirtualInterfaceRequest{ConnectionID: on}),
		needs("AllocatePublicVirtualInterface", api.AllocatePublicVirtualInterfaceRequest{ConnectionID: on}),
		needs("AllocateTransitVirtualInterface", api.AllocateTransitVirtualInterfaceRequest{ConnectionID: on}),
	)
}

// changesNothing stands on pages whose every form and button is left out.
const changesNothing = "You may look at this page. Your permissions do not let you change anything here."

// permitted is a page without the forms and links that the visitor would be denied whatever they fill in. It asks for all of
// them at once, and not for each row of a list; of a form that was sent and refused the refusal stays.
func (v *visit) permitted(p *sheet) error {
	caller, _ := controlplane.CallerOf(v.caller(v.Region))
	if caller.Identity == nil {
		return nil
	}
	var wishes []controlplane.Wish
	p.choose(func(all []controlplane.Wish) bool { wishes = append(wishes, all...); return true })
	possible, err := v.console.Service.Possible(v.Context(), caller, wishes)
	if err != nil {
		return err
	}
	denied, changes := false, false
	p.choose(func(all []controlplane.Wish) bool { // in the order of the first time
		own := possible[:len(all)]
		possible = possible[len(all):]
		may := len(all) == 0 || slices.Contains(own, true)
		for i, w := range all {
			changes = changes || own[i] && !controlplane.IsRead(w.Operation)
		}
		denied = denied || !may
		return may
	})
	if denied && !changes {
		p.Limit = changesNothing
	}
	return nil
}

// choose leaves out what may, asked in turn about what each form, each link and each column of links needs, says no to.
func (p *sheet) choose(may func(all []controlplane.Wish) bool) {
	links := func(all []link) []link {
		return slices.DeleteFunc(slices.Clone(all), func(l link) bool { return !may(l.Needs) })
	}
	sections := func(all []section) (kept []section) {
		for _, s := range all {
			there := len(s.Forms) + len(s.Links)
			s.Links = links(s.Links)
			s.Forms = slices.DeleteFunc(slices.Clone(s.Forms), func(f form) bool { return !may(f.Needs) && f.Error == "" })
			if s.Table != nil && !may(s.Table.Needs) {
				s.Table = s.Table.withoutLast()
			}
			if there == 0 || len(s.Forms)+len(s.Links) > 0 || s.shows() {
				kept = append(kept, s)
			}
		}
		return kept
	}
	p.Actions = links(p.Actions)
	p.Before, p.Live, p.Sections = sections(p.Before), sections(p.Live), sections(p.Sections)
}

// shows reports whether a section has something beside forms and links, and what introduces those.
func (s section) shows() bool {
	return len(s.Steps)+len(s.Facts) > 0 || s.Table != nil || s.Code != nil || s.Empty != ""
}

// withoutLast is the table without its last column.
func (t table) withoutLast() *table {
	t.Head = t.Head[:len(t.Head)-1]
	rows := make([][]cell, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = row[:len(row)-1]
	}
	t.Rows = rows
	return &t
}
