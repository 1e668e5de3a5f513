package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// builder makes a sheet. t is the form of it that was sent and refused; nil: none was.
type builder func(v *visit, t *tried) (*sheet, error)

// action does what a form asks for. It answers the path to go on to, and the key in doneTexts of what it has done.
type action func(v *visit, in *input) (to, done string, err error)

// doneTexts are what the page after an action says. The address has the key only: a text of somebody else's making is not shown.
var doneTexts = map[string]string{
	"already": "This form was sent before, and done once: here is what it has made.", "accepted": "It is accepted.", "allocated": "It is allocated: the other account accepts it in its console.", "associated": "The association is being made.",
	"changed": "The change is made.", "created": "It is created.", "deleted": "The deletion has begun, or is done already.", "disassociated": "The association is being ended.",
	"key-added": "The key is being associated.", "key-removed": "The key is being taken away.", "lag-created": "The LAG is created, and its connections are ordered.",
	"member-added": "It is part of it now.", "member-removed": "It is no longer part of it.", "moved": "It is being moved.", "ordered": "The port is ordered and reserved.",
	"peer-added": "The BGP peer is being set up.", "peer-removed": "The BGP peer is being removed.", "proposed": "The proposal is made: the other account accepts it in its console.",
	"approved": "It is approved, and its letter issued.", "refused": "It is refused.", "plugged": "The cable is in place.", "assigned": "It has the other port.",
	"verified": "It is verified.", "reenabled": "The session may come up again.", "scripted": "The customer's router does so from now on.",
	"drained": "It takes no new orders.", "undrained": "It takes orders again.", "attached": "The file is attached.", "planned": "The work is planned, and who is hit is told.",
	"started": "The work is in progress.", "ended": "The work is completed.", "cancelled": "The work is cancelled.", "made": "The fault is made.", "healed": "It is healed.",
	"removed": "It is removed.", "password": "The password is set, and all sessions of the user's have ended.", "turned": "The clock is turned, and what that made due is done.",
	"renamed": "It has its new name.", "tagged": "The tag is set.", "untagged": "The tags are removed.",
	"test-started": "The failover test was started.", "test-stopped": "The failover test was stopped.",
}

// sheetPage is the route of a page.
func sheetPage(pattern, nav string, build builder) route {
	return route{pattern: "GET " + pattern, who: customer, handle: func(v *visit) (answer, error) {
		p, err := build(v, nil)
		if err != nil {
			return nil, missingHere(err)
		}
		if err := v.permitted(p); err != nil {
			return nil, err
		}
		if p.Notice == "" {
			p.Notice = doneTexts[v.URL.Query().Get("done")]
		}
		return page{template: "sheet.html", title: p.Title, nav: nav, data: p, live: len(p.Live) > 0}, nil
	}}
}

// sheetAction is the route of a form with the ID formID. What is refused shows the page that the form is on once more, with the
// refusal beside the form and what was typed in.
func sheetAction(pattern, nav, formID string, do action, build builder) route {
	return route{pattern: "POST " + pattern, who: customer, handle: func(v *visit) (answer, error) {
		if again, err := v.sentBefore(formID, v.PostFormValue(onceName), nav); again != nil || err != nil {
			return again, err
		}
		to, done, err := do(v, posted(v.Request))
		if err == nil {
			err = v.sent(to)
		}
		if err == nil {
			return redirect(pathWith(to, "done", done)), nil
		}
		if again := v.sentAlready(nav); again != nil { // at the same time, and the other was first
			return again, nil
		}
		status, text := said(err)
		if text == ours || status == http.StatusInternalServerError {
			return nil, err
		}
		sent := &tried{form: formID, values: v.PostForm, text: text}
		p, again := build(v, sent)
		if again != nil {
			return nil, err // the page is not for them, and what was refused says why
		}
		if err := v.permitted(p); err != nil {
			return nil, err
		}
		shown := page{template: "sheet.html", title: p.Title, nav: nav, data: p, status: status}
		if !sent.shown { // what it was about has changed, so that the form is gone
			shown.problem = err
		}
		return shown, nil
	}}
}

// missingHere makes a page that is not there of an operation's answer about what it describes: the API says 400 of everything.
func missingHere(err error) error {
	if status, text := said(err); status == http.StatusBadRequest {
		return notFound("%s", text)
	}
	return err
}

// ask is call for those who want the answer itself, which is empty beside an error.
func ask[In, Out any](v *visit, operation string, in In) (Out, error) {
	out, err := call[In, Out](v, operation, in)
	if err != nil {
		var none Out
		return none, err
	}
	return *out, nil
}

// told is the text of an error, for a part of a page that cannot be shown.
func told(err error) string {
	_, text := said(err)
	return text
}

// form is a form of the page: with the token, and with the refusal if it was this one that was sent.
func (v *visit) form(t *tried, f form) form {
	f.CSRF = v.CSRF()
	if f.Once {
		f.Hidden = append(slices.Clip(f.Hidden), v.onceField(t, f.ID))
	}
	return t.on(f)
}

// arn is the name of one of the account's resources that tags are set by.
func (v *visit) arn(kind, id string) string {
	region := v.Region
	if kind == "dx-gateway" || kind == "dx-resiliency-group" {
		region = ""
	}
	return "arn:" + directconnect.PartitionOf(v.Region) + ":directconnect:" + region + ":" + v.Who.Account + ":" + kind + "/" + id
}

// resource is the page of what the address names.
func (v *visit) resource() string {
	noun, _, _ := strings.Cut(strings.TrimPrefix(v.URL.Path, "/console/"), "/")
	return "/console/" + noun + "/" + url.PathEscape(v.PathValue("id"))
}

// letter is the LOA-CFA as a file.
func letter(v *visit) (answer, error) {
	id := v.PathValue("id")
	out, err := ask[api.DescribeLoaRequest, api.Loa](v, "DescribeLoa", api.DescribeLoaRequest{ConnectionID: &id})
	if err != nil {
		return nil, err
	}
	return file{name: "loa-" + id + ".pdf", contentType: value(out.LoaContentType), content: out.LoaContent}, nil
}

// tagged are the routes that set and remove the tags of a noun's page.
func tagged(at, nav string, build builder) []route {
	back := func(do action) action {
		return func(v *visit, in *input) (to, done string, err error) {
			_, done, err = do(v, in)
			return v.resource(), done, err
		}
	}
	return []route{
		sheetAction(at+"/tag", nav, "tag", back(setTag), build), sheetAction(at+"/untag", nav, "untag", back(removeTags), build),
	}
}

// customerRoutes are the customers' and the partners' pages.
func (s *Console) customerRoutes() []route {
	var all []route
	for _, some := range [][]route{
		connectionRoutes(), lagRoutes(), hostedRoutes(), interfaceRoutes(), gatewayRoutes(), resiliencyRoutes(),
	} {
		all = append(all, some...)
	}
	return all
}

func connectionRoutes() []route {
	const at, one = connectionsPath, connectionsPath + "/{id}"
	return append([]route{
		sheetPage(at, at, connectionsSheet),
		sheetPage(locationsPath, locationsPath, locationsSheet),
		sheetPage(orderPath, at, locationSheet), sheetPage(orderPath+"/port", at, portSheet), newPage(orderPath+"/summary", at, "order", summarySheet),
		sheetAction(at, at, "order", createConnection, summarySheet),
		sheetPage(one, at, connectionSheet),
		{pattern: "GET " + one + "/loa", who: customer, handle: letter},
		sheetAction(one+"/rename", at, "rename", renameConnection, connectionSheet),
		sheetAction(one+"/encryption", at, "encryption", encryptConnection, connectionSheet),
		sheetAction(one+"/macsec", at, "macsec", associateKey, connectionSheet),
		sheetPage(one+"/macsec/remove", at, removeKeySheet), sheetAction(one+"/macsec/remove", at, "macsec-remove", removeKey, removeKeySheet),
		sheetPage(one+"/confirm", at, confirmSheet), sheetAction(one+"/confirm", at, "confirm", confirmConnection, confirmSheet),
		sheetPage(one+"/delete", at, deleteConnectionSheet), sheetAction(one+"/delete", at, "delete", deleteConnection, deleteConnectionSheet),
	}, tagged(one, at, connectionSheet)...)
}

func lagRoutes() []route {
	const at, one = lagsPath, lagsPath + "/{id}"
	return append([]route{
		sheetPage(at, at, lagsSheet), newPage(at+"/new", at, "lag", newLagSheet), sheetAction(at, at, "lag", createLag, newLagSheet),
		sheetPage(one, at, lagSheet),
		{pattern: "GET " + one + "/loa", who: customer, handle: letter},
		sheetAction(one+"/update", at, "update", updateLag, lagSheet),
		sheetAction(one+"/add", at, "add", addToLag, lagSheet),
		sheetPage(one+"/remove", at, takeOutSheet), sheetAction(one+"/remove", at, "remove", takeOutOfLag, takeOutSheet),
		sheetAction(one+"/macsec", at, "macsec", associateKey, lagSheet),
		sheetPage(one+"/macsec/remove", at, removeKeySheet), sheetAction(one+"/macsec/remove", at, "macsec-remove", removeKey, removeKeySheet),
		sheetPage(one+"/delete", at, deleteLagSheet), sheetAction(one+"/delete", at, "delete", deleteLag, deleteLagSheet),
	}, tagged(one, at, lagSheet)...)
}

func hostedRoutes() []route {
	const at, one, hosted = interconnectsPath, interconnectsPath + "/{id}", hostedPath + "/{id}"
	return append([]route{
		sheetPage(at, at, interconnectsSheet), newPage(at+"/new", at, "interconnect", newInterconnectSheet), sheetAction(at, at, "interconnect", createInterconnect, newInterconnectSheet),
		sheetPage(one, at, interconnectSheet),
		{pattern: "GET " + one + "/loa", who: customer, handle: letter},
		sheetAction(one+"/macsec", at, "macsec", associateKey, interconnectSheet),
		sheetPage(one+"/macsec/remove", at, removeKeySheet), sheetAction(one+"/macsec/remove", at, "macsec-remove", removeKey, removeKeySheet),
		sheetPage(one+"/delete", at, deleteInterconnectSheet), sheetAction(one+"/delete", at, "delete", deleteInterconnect, deleteInterconnectSheet),
		sheetPage(hostedPath, hostedPath, hostedListSheet), newPage(hostedPath+"/new", hostedPath, "hosted", newHostedSheet),
		sheetAction(hostedPath, hostedPath, "hosted", allocateHosted, newHostedSheet),
		sheetPage(hosted, hostedPath, hostedSheet),
		sheetAction(hosted+"/move", hostedPath, "move", moveHosted, hostedSheet),
		sheetAction(hosted+"/delete", hostedPath, "delete", deleteHosted, hostedSheet),
	}, tagged(one, at, interconnectSheet)...)
}

func interfaceRoutes() []route {
	const at, one = interfacesPath, interfacesPath + "/{id}"
	return append([]route{
		sheetPage(at, at, interfacesSheet), newPage(at+"/new", at, "interface", newInterfaceSheet), sheetAction(at, at, "interface", createInterface, newInterfaceSheet),
		sheetPage(one, at, interfaceSheet), sheetPage(one+"/routes", at, routesSheet), sheetPage(one+"/router", at, routerSheet),
		{pattern: "GET " + one + "/router/file", who: customer, handle: routerFile},
		sheetAction(one+"/update", at, "update", updateInterface, interfaceSheet),
		sheetAction(one+"/move", at, "move", moveInterface, interfaceSheet),
		sheetAction(one+"/peers", at, "peer", addPeer, interfaceSheet),
		sheetPage(one+"/peers/remove", at, removePeerSheet), sheetAction(one+"/peers/remove", at, "peer-remove", removePeer, removePeerSheet),
		sheetAction(one+"/test", at, "test", startTest, interfaceSheet), sheetAction(one+"/test/stop", at, "stop", stopTest, interfaceSheet),
		sheetPage(one+"/confirm", at, confirmInterfaceSheet), sheetAction(one+"/confirm", at, "confirm", confirmInterface, confirmInterfaceSheet),
		sheetPage(one+"/delete", at, deleteInterfaceSheet), sheetAction(one+"/delete", at, "delete", deleteInterface, deleteInterfaceSheet),
	}, tagged(one, at, interfaceSheet)...)
}

func gatewayRoutes() []route {
	const at, one, joined = gatewaysPath, gatewaysPath + "/{id}", gatewaysPath + "/{id}/associations/{association}"
	return append([]route{
		sheetPage(at, at, gatewaysSheet), newPage(at+"/new", at, "gateway", newGatewaySheet), sheetAction(at, at, "gateway", createGateway, newGatewaySheet),
		sheetPage(one, at, gatewaySheet),
		sheetAction(one+"/rename", at, "rename", renameGateway, gatewaySheet),
		sheetAction(one+"/associate", at, "associate", associate, gatewaySheet),
		sheetPage(one+"/delete", at, deleteGatewaySheet), sheetAction(one+"/delete", at, "delete", deleteGateway, deleteGatewaySheet),
		sheetPage(joined, at, associationSheet), sheetAction(joined, at, "update", updateAssociation, associationSheet),
		sheetAction(joined+"/delete", at, "delete", deleteAssociation, associationSheet),
		newPage(proposalsPath+"/new", at, "propose", proposeSheet), sheetAction(proposalsPath, at, "propose", propose, proposeSheet),
		sheetPage(proposalsPath+"/{id}", at, proposalSheet),
		sheetAction(proposalsPath+"/{id}/accept", at, "accept", acceptProposal, proposalSheet),
		sheetAction(proposalsPath+"/{id}/delete", at, "delete", deleteProposal, proposalSheet),
	}, tagged(one, at, gatewaySheet)...)
}

func resiliencyRoutes() []route {
	const at, one = resiliencyPath, resiliencyPath + "/{id}"
	return append([]route{
		sheetPage(at, at, groupsSheet), newPage(at+"/new", at, "group", newGroupSheet), sheetAction(at, at, "group", createGroup, newGroupSheet),
		sheetPage(one, at, groupSheet),
		sheetAction(one+"/rename", at, "rename", renameGroup, groupSheet),
		sheetAction(one+"/add", at, "add", addToGroup, groupSheet), sheetAction(one+"/remove", at, "remove", takeOutOfGroup, groupSheet),
		sheetPage(one+"/delete", at, deleteGroupSheet), sheetAction(one+"/delete", at, "delete", deleteGroup, deleteGroupSheet),
	}, tagged(one, at, groupSheet)...)
}
