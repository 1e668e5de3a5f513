package directconnect

import "testing"

func TestParseARN(t *testing.T) {
	t.Parallel()
	const dc = ":directconnect:"
	for _, k := range []struct {
		name, arn, region string
		want              ARN
		refusal           string
	}{
		{"connection", "arn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-fg31dyv6", "us-east-1",
			ARN{"aws", "us-east-1", customer, "dxcon", connectionID}, ""},
		{"LAG", "arn:aws:directconnect:us-east-1:111111111111:dxlag/dxlag-ffjhj9lx", "us-east-1",
			ARN{"aws", "us-east-1", customer, "dxlag", lagID}, ""},
		{"virtual interface", "arn:aws:directconnect:us-east-1:111111111111:dxvif/dxvif-fgputw0j", "us-east-1",
			ARN{"aws", "us-east-1", customer, "dxvif", "dxvif-fgputw0j"}, ""},
		{"gateway", "arn:aws:directconnect::111111111111:dx-gateway/cf68415c-f4ae-48f2-87a7-3b52cffffffe", "eu-west-1",
			ARN{"aws", "", customer, "dx-gateway", "cf68415c-f4ae-48f2-87a7-3b52cffffffe"}, ""},
		{"resiliency group", "arn:aws:directconnect::111111111111:dx-resiliency-group/dxrg-0123456789abcdefg", "us-east-1",
			ARN{"aws", "", customer, "dx-resiliency-group", "dxrg-0123456789abcdefg"}, ""},
		{"no account is the caller's", "arn:aws:directconnect:us-east-1::dxcon/dxcon-fg31dyv6", "us-east-1",
			ARN{"aws", "us-east-1", stranger, "dxcon", connectionID}, ""},
		{"China", "arn:aws-cn:directconnect:cn-north-1:111111111111:dxcon/dxcon-fg31dyv6", "cn-north-1",
			ARN{"aws-cn", "cn-north-1", customer, "dxcon", connectionID}, ""},
		{"GovCloud", "arn:aws-us-gov:directconnect:us-gov-west-1:111111111111:dxcon/dxcon-fg31dyv6", "us-gov-west-1",
			ARN{"aws-us-gov", "us-gov-west-1", customer, "dxcon", connectionID}, ""},
		{"another Region", "arn:aws:directconnect:us-west-2:111111111111:dxcon/dxcon-fg31dyv6", "us-east-1", ARN{},
			"Resource ARN arn:aws:directconnect:us-west-2:111111111111:dxcon/dxcon-fg31dyv6 is not in Region us-east-1."},
		{"no Region", "arn:aws:directconnect::111111111111:dxcon/dxcon-fg31dyv6", "us-east-1", ARN{},
			"Resource ARN arn:aws:directconnect::111111111111:dxcon/dxcon-fg31dyv6 is not in Region us-east-1."},
		{"a gateway with a Region", "arn:aws:directconnect:us-east-1:111111111111:dx-gateway/x", "us-east-1", ARN{}, "bad"},
		{"another partition", "arn:aws-cn" + dc + "us-east-1:111111111111:dxcon/dxcon-fg31dyv6", "us-east-1", ARN{}, "bad"},
		{"a gateway of another partition", "arn:aws-cn" + dc + ":111111111111:dx-gateway/x", "us-east-1", ARN{}, "bad"},
		{"another service", "arn:aws:ec2:us-east-1:111111111111:dxcon/dxcon-fg31dyv6", "us-east-1", ARN{}, "bad"},
		{"another resource", "arn:aws:directconnect:us-east-1:111111111111:dxpeer/dxpeer-fg31dyv6", "us-east-1", ARN{}, "bad"},
		{"no ARN", "dxcon-fg31dyv6", "us-east-1", ARN{}, "bad"},
		{"nothing", "", "us-east-1", ARN{}, "bad"},
		{"not arn:", "urn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-fg31dyv6", "us-east-1", ARN{}, "bad"},
		{"too short", "arn:aws:directconnect:us-east-1:111111111111", "us-east-1", ARN{}, "bad"},
		{"no ID", "arn:aws:directconnect:us-east-1:111111111111:dxcon/", "us-east-1", ARN{}, "bad"},
		{"no slash", "arn:aws:directconnect:us-east-1:111111111111:dxcon", "us-east-1", ARN{}, "bad"},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseARN(k.arn, stranger, k.region)
			switch k.refusal {
			case "":
				if err != nil {
					t.Fatal(err)
				}
			case "bad":
				refused(t, err, "Resource ARN "+k.arn+" is not valid.")
			default:
				refused(t, err, k.refusal)
			}
			same(t, k.want, got)
		})
	}
}

func TestARNString(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]ARN{
		"arn:aws:directconnect:us-east-1:111111111111:dxcon/dxcon-fg31dyv6": {"aws", "us-east-1", customer, "dxcon", connectionID},
		"arn:aws-cn:directconnect::111111111111:dx-gateway/x":               {"aws-cn", "", customer, "dx-gateway", "x"},
	} {
		if got := a.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	refused(t, NoResource("arn:x"), "Resource arn:x does not exist.")
}
