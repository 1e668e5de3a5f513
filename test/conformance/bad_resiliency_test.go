package conformance

import (
	"testing"
)

// badResiliencyWords makes what badResiliency refers to.
func badResiliencyWords(t testing.TB, w *world, a *caller, in string) []string {
	t.Helper()
	group, dead := a.gather(t, "x"), a.gather(t, "x")
	got(a.putInto(t, group, in))(t)
	got(a.deleteGroup(t, dead))(t)
	foreign := w.as(t, bob).gather(t, "x")
	return []string{"{group}", group, "{deadgroup}", dead, "{foreigngroup}", foreign, "{nogroup}", "dxrg-0123456789abcdefg"}
}

func badGroup(members string) string {
	return `{"resiliencyGroupName":"x","intendedResiliencyModel":"high-resiliency",` + members + `}`
}

const badModel = " is not valid. Valid values are maximum-resiliency, high-resiliency and basic-resiliency."

var badResiliency = []bad{
	{"CreateResiliencyGroup", `{}`, "resiliencyGroupName is required."},
	{"CreateResiliencyGroup", badGroup(`"resiliencyGroupName":null`), "resiliencyGroupName is required."},
	{"CreateResiliencyGroup", badGroup(`"resiliencyGroupName":""`), "resiliencyGroupName is required."},
	{"CreateResiliencyGroup", badGroup(`"resiliencyGroupName":"{256}"`), "resiliencyGroupName must be at most 255 characters long."},
	{"CreateResiliencyGroup", badGroup(`"resiliencyGroupName":"a b"`), "resiliencyGroupName a b is not valid. Valid characters are letters, digits, hyphens and underscores."},
	{"CreateResiliencyGroup", badGroup(`"resiliencyGroupName":"é"`), "resiliencyGroupName é is not valid. Valid characters are letters, digits, hyphens and underscores."},
	{"CreateResiliencyGroup", badGroup(`"resiliencyGroupName":7`), serialization + ": NUMBER_VALUE can not be converted to a String, at resiliencyGroupName"},
	{"CreateResiliencyGroup", badGroup(`"intendedResiliencyModel":null`), "intendedResiliencyModel is required."},
	{"CreateResiliencyGroup", badGroup(`"intendedResiliencyModel":""`), "intendedResiliencyModel " + badModel},
	{"CreateResiliencyGroup", badGroup(`"intendedResiliencyModel":"none"`), "intendedResiliencyModel none" + badModel},
	{"CreateResiliencyGroup", badGroup(`"clientToken":""`), "clientToken must be 1 to 128 characters long."},
	{"CreateResiliencyGroup", badGroup(`"clientToken":"{129}"`), "clientToken must be 1 to 128 characters long."},
	{"CreateResiliencyGroup", badGroup(`"clientToken":"a\u0000b"`), "clientToken contains invalid characters."},
	{"CreateResiliencyGroup", badGroup(`"tags":[{"key":"k"},{"key":"k"}]`), duplicate + ": A tag key was specified more than once: k"},
	{"CreateResiliencyGroup", badGroup(`"tags":[{"value":"v"}]`), "key is required."},
	{"CreateResiliencyGroup", badGroup(`"tags":[{"key":"aws:x"}]`), "Tag key aws:x is not valid: keys that begin with aws: are reserved."},

	{"GetResiliencyGroup", `{}`, "resiliencyGroupId is required."},
	{"GetResiliencyGroup", `{"resiliencyGroupId":""}`, "Resiliency Group ID  has an invalid format."},
	{"GetResiliencyGroup", `{"resiliencyGroupId":"{con}"}`, "Resiliency Group ID {con} has an invalid format."},
	{"GetResiliencyGroup", `{"resiliencyGroupId":"{nogroup}x"}`, "Resiliency Group ID {nogroup}x has an invalid format."},
	{"GetResiliencyGroup", `{"resiliencyGroupId":"{nogroup}"}`, "Resiliency Group {nogroup} does not exist."},
	{"GetResiliencyGroup", `{"resiliencyGroupId":"dxrg-0123456789ABCDEFG"}`, "Resiliency Group dxrg-0123456789ABCDEFG does not exist."},
	{"GetResiliencyGroup", `{"resiliencyGroupId":"{foreigngroup}"}`, "Resiliency Group {foreigngroup} does not exist."},

	{"UpdateResiliencyGroup", `{}`, "resiliencyGroupId is required."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{group}"}`, "resiliencyGroupName is required."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{group}","resiliencyGroupName":""}`, "resiliencyGroupName is required."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{group}","resiliencyGroupName":"{256}"}`, "resiliencyGroupName must be at most 255 characters long."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{group}","resiliencyGroupName":"a/b"}`, "resiliencyGroupName a/b is not valid. Valid characters are letters, digits, hyphens and underscores."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{group}","resiliencyGroupName":"y","clientToken":""}`, "clientToken must be 1 to 128 characters long."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{nogroup}","resiliencyGroupName":"y"}`, "Resiliency Group {nogroup} does not exist."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{foreigngroup}","resiliencyGroupName":"y"}`, "Resiliency Group {foreigngroup} does not exist."},
	{"UpdateResiliencyGroup", `{"resiliencyGroupId":"{deadgroup}","resiliencyGroupName":"y"}`, "Resiliency Group {deadgroup} is in state deleting and cannot be changed."},

	{"DeleteResiliencyGroup", `{}`, "resiliencyGroupId is required."},
	{"DeleteResiliencyGroup", `{"resiliencyGroupId":"x"}`, "Resiliency Group ID x has an invalid format."},
	{"DeleteResiliencyGroup", `{"resiliencyGroupId":"{nogroup}"}`, "Resiliency Group {nogroup} does not exist."},
	{"DeleteResiliencyGroup", `{"resiliencyGroupId":"{foreigngroup}"}`, "Resiliency Group {foreigngroup} does not exist."},

	{"ListResiliencyGroups", `{"maxResults":0}`, "maxResults 0 is not valid. It must be at least 1."},
	{"ListResiliencyGroups", `{"nextToken":"x"}`, "nextToken is not valid."},
	{"ListResiliencyGroupAssociations", `{}`, "resiliencyGroupId is required."},
	{"ListResiliencyGroupAssociations", `{"resiliencyGroupId":"x"}`, "Resiliency Group ID x has an invalid format."},
	{"ListResiliencyGroupAssociations", `{"resiliencyGroupId":"{nogroup}"}`, "Resiliency Group {nogroup} does not exist."},
	{"ListResiliencyGroupAssociations", `{"resiliencyGroupId":"{group}","maxResults":-1}`, "maxResults -1 is not valid. It must be at least 1."},
	{"ListResiliencyGroupAssociations", `{"resiliencyGroupId":"{group}","nextToken":""}`, "nextToken is not valid."},

	{"AssociateConnectionsToResiliencyGroup", `{}`, "resiliencyGroupId is required."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}"}`, "connectionIdentifiers is required."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":[]}`, "connectionIdentifiers must name 1 to 50 connections."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":[""]}`, "Each of connectionIdentifiers must be 1 to 1024 characters long."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{lag}"]}`, "Connection ID {lag} has an invalid format."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{no}"]}`, "Could not find Connection with ID {no}"},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{foreign}"]}`, "Could not find Connection with ID {foreign}"},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{inter}"]}`, "Could not find Connection with ID {inter}"},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{gone}"]}`, "Connection {gone} is in state deleted and cannot be associated with a resiliency group."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{con}"]}`, "Connection {con} is already associated with Resiliency Group {group}."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{fresh}","{fresh}"]}`, "Connection {fresh} is named more than once in connectionIdentifiers."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["arn:aws:x"]}`, "Resource ARN arn:aws:x is not valid."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{nogroup}","connectionIdentifiers":["{fresh}"]}`, "Resiliency Group {nogroup} does not exist."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{foreigngroup}","connectionIdentifiers":["{fresh}"]}`, "Resiliency Group {foreigngroup} does not exist."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{deadgroup}","connectionIdentifiers":["{fresh}"]}`, "Resiliency Group {deadgroup} is in state deleting and cannot be changed."},
	{"AssociateConnectionsToResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{fresh}"],"clientToken":"{129}"}`, "clientToken must be 1 to 128 characters long."},

	{"DisassociateConnectionsFromResiliencyGroup", `{}`, "resiliencyGroupId is required."},
	{"DisassociateConnectionsFromResiliencyGroup", `{"resiliencyGroupId":"{group}"}`, "connectionIdentifiers is required."},
	{"DisassociateConnectionsFromResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":[]}`, "connectionIdentifiers must name 1 to 50 connections."},
	{"DisassociateConnectionsFromResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["x"]}`, "Connection ID x has an invalid format."},
	{"DisassociateConnectionsFromResiliencyGroup", `{"resiliencyGroupId":"{group}","connectionIdentifiers":["{con}","{fresh}"]}`, "Connection {fresh} is not associated with Resiliency Group {group}."},
	{"DisassociateConnectionsFromResiliencyGroup", `{"resiliencyGroupId":"{nogroup}","connectionIdentifiers":["{con}"]}`, "Resiliency Group {nogroup} does not exist."},
	{"DisassociateConnectionsFromResiliencyGroup", `{"resiliencyGroupId":"{deadgroup}","connectionIdentifiers":["{con}"]}`, "Resiliency Group {deadgroup} is in state deleting and cannot be changed."},
}
