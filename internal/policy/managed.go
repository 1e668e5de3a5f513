package policy

import "strings"

// Managed is a policy that every account has.
type Managed struct {
	Name        string
	Description string
	Text        string // of the document
	Policy
}

// managed are AWS's own for this service ("AWS managed policies for Direct Connect"). The read-only one has Get* beside what
// is published of AWS's: an operation of that name came to the API in 2026, and it only reads.
var managed = []Managed{
	{Name: "AWSDirectConnectFullAccess", Description: "Everything that the API can do.", Text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["directconnect:*", "ec2:DescribeVpnGateways", "ec2:DescribeTransitGateways"],
      "Resource": "*"
    }
  ]
}`},
	{Name: "AWSDirectConnectReadOnlyAccess", Description: "Everything that only reads.", Text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "directconnect:Describe*", "directconnect:List*", "directconnect:Get*", "ec2:DescribeVpnGateways", "ec2:DescribeTransitGateways"
      ],
      "Resource": "*"
    }
  ]
}`},
}

func init() {
	for i := range managed {
		d, err := Parse(Identity, []byte(managed[i].Text))
		if err != nil {
			panic("policy: " + managed[i].Name + ": " + err.Error())
		}
		managed[i].Policy = Policy{Name: managed[i].ARN(), Document: d}
	}
}

// managedPrefix is what the ARNs of these policies begin with behind the partition.
const managedPrefix = "iam::aws:policy/"

// ARN is the name that the policy is attached by.
func (m *Managed) ARN() string { return "arn:aws:" + managedPrefix + m.Name }

// ManagedPolicies lists the policies that every account has, by name.
func ManagedPolicies() []Managed { return managed }

// ManagedByARN finds one by its ARN, of whatever partition.
func ManagedByARN(arn string) (*Managed, bool) {
	name, ok := strings.CutPrefix(withoutPartition(arn), managedPrefix)
	for i := range managed {
		if ok && strings.HasPrefix(arn, "arn:") && managed[i].Name == name {
			return &managed[i], true
		}
	}
	return nil, false
}
