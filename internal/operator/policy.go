package operator

import (
	"context"
	"net/http"
	"time"

	"onramp/internal/controlplane"
)

// PolicyDocument is a policy document as text; Name is for POST only.
type PolicyDocument struct {
	Name     string `json:"name,omitempty" audit:"yes"`
	Document string `json:"document" audit:"policyDocument"`
}

func (a *api) policyRoutes() []route {
	const policies = "/v1/accounts/{id}/policies"
	return []route{
		{
			pattern: "GET " + policies, summary: "List an account's policies and those that every account has.", out: []Policy{},
			query: []parameter{afterParameter}, handle: a.listPolicies,
		},
		{pattern: "POST " + policies, summary: "Make a policy.", in: PolicyDocument{}, out: created{Policy{}}, handle: a.addPolicy},
		{pattern: "GET " + policies + "/{policy}", summary: "Show a policy, by name or ARN, and who has it.", out: Policy{}, handle: a.showPolicy},
		{
			pattern: "PUT " + policies + "/{policy}", summary: "Put another document in the place of a policy's.",
			in: PolicyDocument{}, out: Policy{}, handle: a.setPolicy,
		},
		{pattern: "DELETE " + policies + "/{policy}", summary: "Remove a policy that nobody has.", handle: a.removePolicy},
		{
			pattern: "POST /v1/accounts/{id}/policy-check", summary: "Evaluate a question without anything being done.",
			in: PolicyQuestion{}, out: PolicyAnswer{}, handle: a.checkPolicy,
		},
	}
}

// Policy is a policy of an account, or one that every account has. Document is left out of lists.
type Policy struct {
	Name       string    `json:"name"`
	ARN        string    `json:"arn"`
	Managed    bool      `json:"managed,omitempty"` // every account has it
	Document   string    `json:"document,omitempty"`
	Created    time.Time `json:"created,omitzero"`
	Updated    time.Time `json:"updated,omitzero"`
	AttachedTo []string  `json:"attachedTo,omitempty"` // ARNs
}

// PolicyQuestion is the body of a dry evaluation: by a user, a role, or whoever had the document.
type PolicyQuestion struct {
	User     string              `json:"user,omitempty"`
	Role     string              `json:"role,omitempty"`
	Document string              `json:"document,omitempty"`
	Action   string              `json:"action"`
	Resource string              `json:"resource,omitempty"` // an ARN; absent: "*"
	Context  map[string][]string `json:"context,omitempty"`  // values by condition key
}

// PolicyAnswer is how it would fare, and what decides it.
type PolicyAnswer struct {
	Decision  string `json:"decision"` // allowed, explicitDeny, implicitDeny
	Principal string `json:"principal,omitempty"`
	Policy    string `json:"policy,omitempty"`
	Statement *int   `json:"statement,omitempty"` // its place in the document, from 0
	SID       string `json:"sid,omitempty"`
}

func policyOf(p controlplane.Policy) Policy {
	return Policy{
		Name: p.Name, ARN: controlplane.PolicyARN(p), Managed: p.Account == "", Document: p.Document, Created: p.Created, Updated: p.Updated,
	}
}

// listPolicies lists the policies that every account has on the first page, then the account's own.
func (a *api) listPolicies(ctx context.Context, r *http.Request) (any, error) {
	after := r.URL.Query().Get("after")
	own, err := a.Service.Policies(ctx, r.PathValue("id"), after, principalPage)
	if err != nil {
		return nil, err
	}
	list := []Policy{}
	if after == "" {
		own = append(controlplane.ManagedPolicies(), own...)
	}
	for _, p := range own {
		out := policyOf(p)
		out.Document = ""
		list = append(list, out)
	}
	return list, nil
}

func (a *api) addPolicy(ctx context.Context, r *http.Request) (any, error) {
	var in PolicyDocument
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	p, err := a.Service.PutPolicy(ctx, r.PathValue("id"), in.Name, in.Document, false)
	if err != nil {
		return nil, err
	}
	return created{policyOf(p)}, nil
}

func (a *api) setPolicy(ctx context.Context, r *http.Request) (any, error) {
	document, err := readDocument(r)
	if err != nil {
		return nil, err
	}
	p, err := a.Service.PutPolicy(ctx, r.PathValue("id"), r.PathValue("policy"), document, true)
	if err != nil {
		return nil, err
	}
	return policyOf(p), nil
}

// readDocument reads the body of a PUT.
func readDocument(r *http.Request) (string, error) {
	var in PolicyDocument
	if err := readJSON(r, &in); err != nil {
		return "", err
	}
	if in.Name != "" {
		return "", problem(http.StatusBadRequest, "The name of a policy cannot be changed.")
	}
	if in.Document == "" {
		return "", problem(http.StatusBadRequest, "The body is {\"document\": \"...\"}, the policy document as text.")
	}
	return in.Document, nil
}

// showPolicy takes a name or, with its slashes escaped, an ARN.
func (a *api) showPolicy(ctx context.Context, r *http.Request) (any, error) {
	p, holders, err := a.Service.Policy(ctx, r.PathValue("id"), r.PathValue("policy"))
	if err != nil {
		return nil, err
	}
	out := policyOf(p)
	for _, holder := range holders {
		out.AttachedTo = append(out.AttachedTo, controlplane.PrincipalARN(holder))
	}
	return out, nil
}

func (a *api) removePolicy(ctx context.Context, r *http.Request) (any, error) {
	return nil, a.Service.RemovePolicy(ctx, r.PathValue("id"), r.PathValue("policy"))
}

func (a *api) checkPolicy(ctx context.Context, r *http.Request) (any, error) {
	var in PolicyQuestion
	if err := readJSON(r, &in); err != nil {
		return nil, err
	}
	q := controlplane.Question{Document: in.Document, Action: in.Action, Resource: in.Resource, Context: in.Context}
	said := 0
	for _, of := range []struct{ kind, name string }{{controlplane.User, in.User}, {controlplane.Role, in.Role}} {
		if of.name != "" {
			q.Kind, q.Name = of.kind, of.name
			said++
		}
	}
	if in.Document != "" {
		said++
	}
	if said != 1 {
		return nil, problem(http.StatusBadRequest, "Say one of user, role and document: whose permission is asked about.")
	}
	answered, err := a.Service.CheckPolicy(ctx, r.PathValue("id"), q)
	if err != nil {
		return nil, err
	}
	out := PolicyAnswer{Decision: answered.Effect.String(), Principal: answered.Principal, Policy: answered.Policy, SID: answered.SID}
	if answered.Policy != "" {
		out.Statement = &answered.Statement
	}
	return out, nil
}
