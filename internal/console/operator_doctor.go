package console

import (
	"strings"

	"onramp/internal/directconnect"
)

const doctorPath = "/console/operator/doctor"

func doctorRoutes() []route {
	return []route{sheetPage(doctorPath+"/{id}", allPath, doctorSheet)}
}

// whyLink leads to the doctor's answer about a resource.
func whyLink(id string) link { return link{Text: "Why is it so?", Href: doctorPath + "/" + id} }

// doctorSheet is the doctor's answer: the checks from the bottom up, and of the first that is bad what it means and what to do.
func doctorSheet(v *visit, _ *tried) (*sheet, error) {
	d, err := v.console.Service.Diagnose(v.Context(), v.PathValue("id"))
	if err != nil {
		return nil, err
	}
	checks := &table{Caption: "Checks, from the bottom up", Head: []string{"Check", "Result", "What was seen", "Since", "Of"}}
	for _, c := range d.Checks {
		checks.Rows = append(checks.Rows, []cell{plain(c.Name), outcomeCell(c), plain(c.Seen), plain(when(c.At)), resourceCell(c.On)})
	}
	p := &sheet{
		Title: "Why " + d.ID + " is " + d.State, Crumbs: []link{{Text: d.ID, Href: resourceCell(d.ID).Href}},
		Lead: "All is well: nothing of what it rests on is bad.",
	}
	if d.Cause != nil {
		p.Lead = d.Cause.Means
		p.Live = append(p.Live, section{ID: "cause", Title: "What to do", Facts: []fact{
			knownText("First that is bad", string(d.Cause.Reason)), known("Of", resourceCell(d.Cause.On)),
			knownText("Do", d.Cause.Do), known("Runbook", coded(d.Cause.Runbook)),
		}})
	}
	p.Live = append(p.Live, section{ID: "checks", Title: "Checks", Table: checks})
	return p, nil
}

// outcomeCell shows what a check found with the badge of a state that looks as it is: colour is not all that tells.
func outcomeCell(c directconnect.Check) cell {
	switch c.Outcome {
	case directconnect.CheckOK:
		return cell{Text: "ok", State: true}
	case directconnect.CheckBad:
		return cell{Text: "bad", State: true, Note: string(c.Reason)}
	}
	return plain(string(c.Outcome))
}

// resourceCell leads to the operator's page of a resource, where it has one.
func resourceCell(id string) cell {
	switch {
	case strings.HasPrefix(id, "dxcon-"):
		return cell{Text: id, Href: allPath + "/" + id, Code: true}
	case strings.HasPrefix(id, "dxvif-"):
		return cell{Text: id, Href: allInterfacesPath + "/" + id, Code: true}
	case strings.HasPrefix(id, "dxlag-"):
		return cell{Text: id, Href: pathWith(allInterfacesPath, "connection", id), Code: true}
	case directconnect.IsMaintenanceID(id):
		return cell{Text: id, Href: maintenancePath + "/" + id, Code: true}
	case directconnect.IsAccountID(id):
		return accountCell(id)
	}
	return coded(id)
}
