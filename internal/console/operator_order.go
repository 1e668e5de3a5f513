package console

import (
	"onramp/internal/controlplane"
)

func orderRoutes() []route { return []route{sheetPage(ordersPath, ordersPath, ordersSheet)} }

// ordersSheet is the queue: what waits for the operator to approve or refuse.
func ordersSheet(v *visit, _ *tried) (*sheet, error) {
	waiting, err := v.console.Service.WaitingOrders(v.Context(), controlplane.OrderFilter{
		Account: v.asked("account"), Location: v.asked("location"), After: v.asked("after"), Limit: operatorPage + 1,
	})
	if err != nil {
		return nil, err
	}
	waiting, after := cut(waiting, controlplane.WaitingOrder.ID)
	t := &table{
		Caption: "What waits, ports first", Head: []string{"Order", "ID", "What", "Account", "Location", "Since"}, Empty: "Nothing waits for you.",
	}
	for _, o := range waiting {
		if c := o.Connection; c.ID != "" {
			t.Rows = append(t.Rows, []cell{
				linked(named(c.Name, c.ID), allPath+"/"+c.ID), coded(c.ID), plain(string(c.Kind) + ", " + string(c.Bandwidth)), accountCell(c.Account),
				coded(c.Location), plain(when(o.Since())),
			})
			continue
		}
		i := o.Interface
		t.Rows = append(t.Rows, []cell{
			linked(named(i.Name, i.ID), allInterfacesPath+"/"+i.ID), coded(i.ID), plain("public interface, to be verified"), accountCell(i.Account),
			coded(i.Location), plain(when(o.Since())),
		})
	}
	return &sheet{
		Title: "Orders", Lead: "Orders of all accounts that wait: open one to approve it, which issues its letter (LOA-CFA), or to refuse it.",
		Before: []section{v.search(ordersPath, textField("account", "Account", ""), textField("location", "Location code", ""))},
		Live:   []section{{ID: "list", Table: v.paged(t, after)}},
	}, nil
}

// named is a name, or the ID of what has none.
func named(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// accountCell is an account with a link to it.
func accountCell(id string) cell { return cell{Text: id, Href: accountsPath + "/" + id, Code: true} }
