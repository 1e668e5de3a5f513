package directconnect

import "strings"

// ARN names a taggable resource: arn:{partition}:directconnect:{region}:{account}:{type}/{id} (Service Authorization
// Reference). Region is empty for what is global.
type ARN struct {
	Partition string
	Region    string
	Account   string
	Type      string // dxcon, dxlag, dxvif, dx-gateway, dx-resiliency-group
	ID        string
}

func (a ARN) String() string {
	return "arn:" + a.Partition + ":directconnect:" + a.Region + ":" + a.Account + ":" + a.Type + "/" + a.ID
}

// ParseARN reads an ARN for a caller in a Region. An empty account is the caller's own, as Terraform sends it when told
// not to ask for its account ID; another Region than the called one is refused for what is Regional.
func ParseARN(s, account, region string) (ARN, error) {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "directconnect" {
		return ARN{}, Clientf("Resource ARN %s is not valid.", s)
	}
	kind, id, ok := strings.Cut(parts[5], "/")
	if !ok || id == "" {
		return ARN{}, Clientf("Resource ARN %s is not valid.", s)
	}
	a := ARN{Partition: parts[1], Region: parts[3], Account: parts[4], Type: kind, ID: id}
	if a.Partition != PartitionOf(region) {
		return ARN{}, Clientf("Resource ARN %s is not valid.", s)
	}
	if a.Account == "" {
		a.Account = account
	}
	switch kind {
	case "dxcon", "dxlag", "dxvif":
		if a.Region != region {
			return ARN{}, Clientf("Resource ARN %s is not in Region %s.", s, region)
		}
	case "dx-gateway", "dx-resiliency-group":
		if a.Region != "" {
			return ARN{}, Clientf("Resource ARN %s is not valid.", s)
		}
	default:
		return ARN{}, Clientf("Resource ARN %s is not valid.", s)
	}
	return a, nil
}

// NoResource is the answer to an ARN that names nothing of the caller's.
func NoResource(arn string) *Error { return Clientf("Resource %s does not exist.", arn) }

// PartitionOf is the partition that a Region belongs to.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	}
	return "aws"
}
