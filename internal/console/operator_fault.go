package console

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"onramp/internal/controlplane"
	"onramp/internal/directconnect"
)

func faultRoutes() []route {
	return []route{
		sheetPage(faultsPath, faultsPath, faultsSheet),
		sheetAction(faultsPath, faultsPath, "make", moved(at(faultsPath), "made", makeFault), faultsSheet),
		sheetAction(faultsPath+"/heal", faultsPath, "heal", moved(at(faultsPath), "healed", func(ctx context.Context, v *visit, in *input) error {
			resource, kind, _ := strings.Cut(in.Get("fault"), " ")
			_, err := v.console.Service.HealFault(ctx, resource, controlplane.FaultKind(kind))
			return err
		}), faultsSheet),
		sheetAction(faultsPath+"/heal-all", faultsPath, "heal-all", moved(at(faultsPath), "healed", func(ctx context.Context, v *visit, _ *input) error {
			_, err := v.console.Service.HealAll(ctx)
			return err
		}), faultsSheet),
	}
}

func makeFault(ctx context.Context, v *visit, in *input) error {
	f := controlplane.Fault{Resource: strings.TrimSpace(in.Get("resource")), Kind: controlplane.FaultKind(in.Get("kind"))}
	if text := strings.TrimSpace(in.Get("dbm")); text != "" {
		var err error
		if f.LightDBm, err = strconv.ParseFloat(text, 64); err != nil {
			return badRequest("Light: %q is not a number of dBm, such as -18.", text)
		}
	}
	if seconds, times := in.int64("seconds", "Seconds"), in.int64("times", "Times"); seconds != nil || times != nil {
		f.Flap = &directconnect.Flap{Seconds: value(seconds), Times: value(times)}
	}
	if err := in.problem(); err != nil {
		return err
	}
	_, err := v.console.Service.MakeFault(ctx, f)
	return err
}

// faultChoices says what each fault does.
var faultChoices = []option{
	{Value: "cut", Label: "Cut", Note: "the cable of a connection is broken"},
	{Value: "fade", Label: "Fade", Note: "less light arrives; say how much"},
	{Value: "flap", Label: "Flap", Note: "the cable, or the BGP sessions of an interface, go down and come back"},
	{Value: "wrong-key", Label: "Wrong key", Note: "MACsec on a connection, BGP on an interface"},
	{Value: "silent", Label: "Silent", Note: "the far side sends nothing"},
}

func faultsSheet(v *visit, t *tried) (*sheet, error) {
	faults, err := v.console.Service.Faults(v.Context())
	if err != nil {
		return nil, err
	}
	shown := &table{Caption: "Present faults", Head: []string{"On", "Account", "Router", "Fault", "How"}, Empty: "Nothing is wrong on purpose."}
	var heal []option
	for _, f := range faults {
		how := ""
		if f.LightDBm != 0 {
			how = fmt.Sprintf("%g dBm", f.LightDBm)
		}
		if f.Flap != nil {
			how = fmt.Sprintf("%d s down, %d s up", f.Flap.Seconds, f.Flap.Seconds)
		}
		path := allPath
		if strings.HasPrefix(f.Resource, "dxvif-") {
			path = allInterfacesPath
		}
		shown.Rows = append(shown.Rows, []cell{{Text: f.Resource, Href: path + "/" + f.Resource, Code: true}, accountCell(f.Account), coded(f.Router), stated(string(f.Kind)), plain(how)})
		heal = append(heal, option{Value: f.Resource + " " + string(f.Kind), Label: f.Resource + ": " + string(f.Kind)})
	}
	p := &sheet{
		Title: "Faults", Lead: "What goes wrong on simulated routers because you say so. Real routers refuse it.", Live: []section{{ID: "list", Title: "Present", Table: shown}},
		Sections: []section{{ID: "make-fault", Title: "Make a fault", Forms: []form{v.form(t, form{ID: "make", Action: faultsPath, Submit: "Make it", Danger: true, Fields: []field{
			textField("resource", "On", "A connection (dxcon-...) or a virtual interface (dxvif-...).").must(),
			{Name: "kind", Label: "Fault", Kind: "radio", Options: faultChoices, Required: true},
			textField("dbm", "Light in dBm", "Of a fade, such as -18; -40 is next to nothing."),
			numberField("seconds", "Seconds down, and as many up", "Of a flap.", 1, 0), numberField("times", "Times", "Of a flap; 0 or empty: for ever.", 0, 0),
		}}.preset(v.URL.Query()))}}},
	}
	if len(faults) > 0 {
		p.Sections = append(p.Sections, section{ID: "heal-fault", Title: "Heal", Forms: []form{
			v.form(t, form{ID: "heal", Action: faultsPath + "/heal", Submit: "Heal it", Fields: []field{selectField("fault", "Fault", "", heal).must()}}),
			v.form(t, form{ID: "heal-all", Action: faultsPath + "/heal-all", Submit: "Heal all", Quiet: true}),
		}})
	}
	return p, nil
}
