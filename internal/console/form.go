package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"onramp/internal/controlplane"
)

// form is one form of a page as its template shows it: each field with its label, and after a refusal the text of the
// refusal with all that had been typed in, but for secrets.
type form struct {
	ID     string // unique on the page; the IDs of its fields begin with it
	Action string // path
	Get    bool   // it changes nothing, and its values are in the address
	Search bool   // it chooses what is listed: nothing needs to be filled in
	Submit string // what the button says
	Danger bool   // it ends something
	Files  bool   // it has a file in it
	Quiet  bool   // the button is not the main one of the page
	Once   bool   // it makes something, and is done once however often it is sent
	Intro  string
	Error  string // the refusal, in the words of the form
	// WrongField is the name of the field that the refusal is about; empty: not known.
	WrongField string
	CSRF       string
	Hidden     []field
	Fields     []field

	Needs []controlplane.Wish // of which whoever is denied all does not see the form; none: everybody sees it
}

// field is one input with its label.
type field struct {
	Name, Label, Help, Value string

	Kind     string // text, number, password, textarea, select, checkbox, radio, checks
	Options  []option
	Checked  bool // of a checkbox
	Required bool
	Secret   bool // never shown again
	Min, Max string
}

// option is a choice of a select, or one of several radio buttons or checkboxes.
type option struct {
	Value, Label, Note string
	Selected           bool
}

func textField(name, label, help string) field {
	return field{Name: name, Label: label, Help: help, Kind: "text"}
}

func areaField(name, label, help string) field {
	return field{Name: name, Label: label, Help: help, Kind: "textarea"}
}

func secretField(name, label, help string) field {
	return field{Name: name, Label: label, Help: help, Kind: "password", Secret: true}
}

func checkField(name, label, help string) field {
	return field{Name: name, Label: label, Help: help, Kind: "checkbox", Value: "true"}
}

func numberField(name, label, help string, least, most int64) field {
	f := field{Name: name, Label: label, Help: help, Kind: "number", Min: strconv.FormatInt(least, 10)}
	if most > 0 {
		f.Max = strconv.FormatInt(most, 10)
	}
	return f
}

func selectField(name, label, help string, options []option) field {
	return field{Name: name, Label: label, Help: help, Kind: "select", Options: options}
}

func hiddenField(name, value string) field { return field{Name: name, Value: value} }

func (f field) must() field { f.Required = true; return f }

func (f field) as(kind string) field { f.Kind = kind; return f }

// with is the field with a value.
func (f field) with(values ...string) field {
	if f.Secret {
		return f
	}
	switch f.Kind {
	case "checkbox":
		f.Checked = slices.Contains(values, f.Value)
	case "select", "radio", "checks":
		f.Options = slices.Clone(f.Options)
		for i := range f.Options {
			f.Options[i].Selected = slices.Contains(values, f.Options[i].Value)
		}
	default:
		f.Value = strings.Join(values, "\n")
	}
	return f
}

// shownField is a field in its form, as the template shows it.
type shownField struct {
	field
	ID        string
	Search    bool   // of the form
	Described string // the IDs of what explains it
	Wrong     string // the refusal, if it is about this field
}

// Input is a field of the form for the template.
func (f form) Input(of field) shownField {
	s := shownField{field: of, ID: f.ID + "-" + of.Name, Search: f.Search}
	var by []string
	if of.Help != "" {
		by = append(by, s.ID+"-help")
	}
	switch {
	case f.Error != "" && f.WrongField == of.Name:
		s.Wrong = f.Error
		by = append(by, s.ID+"-wrong")
	case f.Error != "" && f.WrongField == "":
		by = append(by, f.ID+"-error")
	}
	s.Described = strings.Join(by, " ")
	return s
}

// keep is the form with what was typed in. What is not among the values was left empty.
func (f form) keep(values url.Values) form {
	f.Fields = slices.Clone(f.Fields)
	for i, input := range f.Fields {
		f.Fields[i] = input.with(values[input.Name]...)
	}
	return f
}

// preset is the form with what an address says of its fields.
func (f form) preset(q url.Values) form {
	f.Fields = slices.Clone(f.Fields)
	for i, input := range f.Fields {
		if values, ok := q[input.Name]; ok {
			f.Fields[i] = input.with(values...)
		}
	}
	return f
}

// tried is a form of the page that was sent and refused; nil: none was.
type tried struct {
	form   string
	values url.Values
	text   string
	shown  bool // the page has the form, and with it the refusal
}

// on shows the refusal on the form that it is about.
func (t *tried) on(f form) form {
	if t == nil || t.form != f.ID {
		return f
	}
	t.shown = true
	f = f.keep(t.values)
	f.WrongField, f.Error = f.about(t.text), f.inWords(t.text)
	return f
}

// input is a posted form on its way into the structures of the API: an empty input is an absent member. The first input that
// cannot be read is kept in err.
type input struct {
	url.Values
	err string
}

func posted(r *http.Request) *input { return &input{Values: r.PostForm} }

// problem is the first input that cannot be read.
func (in *input) problem() error {
	if in.err == "" {
		return nil
	}
	return badRequest("%s", in.err)
}

// text is a trimmed text, nil if it is empty.
func (in *input) text(name string) *string {
	if s := strings.TrimSpace(in.Get(name)); s != "" {
		return &s
	}
	return nil
}

// secret is a text as it is, nil if it is empty.
func (in *input) secret(name string) *string {
	if s := in.Get(name); s != "" {
		return &s
	}
	return nil
}

// flag is true if a box is ticked, else nil.
func (in *input) flag(name string) *bool {
	if in.Get(name) == "true" {
		yes := true
		return &yes
	}
	return nil
}

// yes is whether a box is ticked.
func (in *input) yes(name string) *bool {
	ticked := in.Get(name) == "true"
	return &ticked
}

func (in *input) int32(name, label string) *int32 {
	n := in.number(name, label, 32)
	if n == nil {
		return nil
	}
	short := int32(*n)
	return &short
}

func (in *input) int64(name, label string) *int64 { return in.number(name, label, 64) }

func (in *input) number(name, label string, bits int) *int64 {
	s := in.text(name)
	if s == nil {
		return nil
	}
	n, err := strconv.ParseInt(*s, 10, bits)
	if err != nil {
		in.wrong(label + ": " + strconv.Quote(*s) + " is not a number.")
		return nil
	}
	return &n
}

// list is what stands on the lines of a text, or between its commas and blanks.
func (in *input) list(name string) []string {
	return strings.FieldsFunc(in.Get(name), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
}

// every is list of all inputs of the name, such as boxes that are ticked.
func (in *input) every(name string) (all []string) {
	for _, one := range in.Values[name] {
		part := input{Values: url.Values{name: {one}}}
		all = append(all, part.list(name)...)
	}
	return all
}

func (in *input) wrong(text string) {
	if in.err == "" {
		in.err = text
	}
}
