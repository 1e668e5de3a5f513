package controlplane

import (
	"context"
	"errors"
	"net/http"

	"onramp/internal/awsjson"
	"onramp/internal/directconnect"
)

// wireTypes is the one mapping of the pure room's kinds to the service's exceptions. All are HTTP 400, the server's own
// fault included (API reference, "Errors" of every operation).
var wireTypes = map[directconnect.Kind]string{
	directconnect.Client:           "DirectConnectClientException",
	directconnect.Server:           "DirectConnectServerException",
	directconnect.DuplicateTagKeys: "DuplicateTagKeysException",
	directconnect.TooManyTags:      "TooManyTagsException",
	directconnect.LimitExceeded:    "LimitExceededException",
	directconnect.NotBuilt:         "DirectConnectServerException",
}

// WireError maps any error of an operation to what the client is told. What is not an error of the pure room becomes a
// fixed sentence with the request ID; its details are for the log.
func WireError(ctx context.Context, err error) *awsjson.Error {
	var wire *awsjson.Error
	if errors.As(err, &wire) {
		return wire
	}
	var rule *directconnect.Error
	if errors.As(err, &rule) {
		return &awsjson.Error{Type: wireTypes[rule.Kind], Message: rule.Message, Status: http.StatusBadRequest}
	}
	return &awsjson.Error{
		Type:    wireTypes[directconnect.Server],
		Message: "The request could not be completed because of a server fault. Request ID: " + awsjson.RequestID(ctx),
		Status:  http.StatusBadRequest,
	}
}
