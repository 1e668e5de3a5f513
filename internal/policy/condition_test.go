package policy_test

import "testing"

// when is a policy that allows everything under a condition.
func when(condition string) []string {
	return one(`"Action":"*","Resource":"*","Condition":{` + condition + `}`)
}

// unless is one that allows everything, and denies it under a condition.
func unless(condition string) []string {
	return []string{`"Action":"*","Resource":"*"`, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{` + condition + `}}`}
}

// TestTagConditions: the three keys of the service's own reference.
func TestTagConditions(t *testing.T) {
	t.Parallel()
	prod, test := context{"aws:resourcetag/env": {"prod"}}, context{"aws:resourcetag/env": {"test"}}
	team := context{"aws:requesttag/team": {"net"}, "aws:tagkeys": {"team"}}
	both := context{"aws:requesttag/team": {"net"}, "aws:requesttag/cost": {"7"}, "aws:tagkeys": {"team", "cost"}}
	run(t, []decisionCase{
		{"resource tag", when(`"StringEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, prod, allow},
		{"resource tag differs", when(`"StringEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, test, silent},
		{"resource tag absent", when(`"StringEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, nil, silent},
		{"resource tag absent, if exists", when(`"StringEqualsIfExists":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, nil, allow},
		{"resource tag differs, if exists", when(`"StringEqualsIfExists":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, test, silent},
		{"key in any case", when(`"StringEquals":{"AWS:resourcetag/ENV":"prod"}`), "DeleteConnection", con, prod, allow},
		{"value in this case", when(`"StringEquals":{"aws:ResourceTag/env":"PROD"}`), "DeleteConnection", con, prod, silent},
		{"value in any case", when(`"StringEqualsIgnoreCase":{"aws:ResourceTag/env":"PROD"}`), "DeleteConnection", con, prod, allow},
		{"value not in any case", when(`"StringNotEqualsIgnoreCase":{"aws:ResourceTag/env":"PROD"}`), "DeleteConnection", con, prod, silent},
		{"one of", when(`"StringEquals":{"aws:ResourceTag/env":["test","prod"]}`), "DeleteConnection", con, prod, allow},
		{"not equal", when(`"StringNotEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, test, allow},
		{"not equal to any", when(`"StringNotEquals":{"aws:ResourceTag/env":["prod","test"]}`), "DeleteConnection", con, test, silent},
		{"not equal, absent", when(`"StringNotEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, nil, allow},
		{"deny not equal, absent", unless(`"StringNotEquals":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, nil, denied},
		{"deny not equal if exists, absent", unless(`"StringNotEqualsIfExists":{"aws:ResourceTag/env":"prod"}`), "DeleteConnection", con, nil, denied},
		{"like", when(`"StringLike":{"aws:ResourceTag/env":"p*d"}`), "DeleteConnection", con, prod, allow},
		{"like knows ?", when(`"StringLike":{"aws:ResourceTag/env":"pro?"}`), "DeleteConnection", con, prod, allow},
		{"equals knows no wildcards", when(`"StringEquals":{"aws:ResourceTag/env":"p*d"}`), "DeleteConnection", con, prod, silent},
		{"equals takes a star for itself", when(`"StringEquals":{"aws:ResourceTag/env":"p*d"}`), "DeleteConnection", con, context{"aws:resourcetag/env": {"p*d"}}, allow},
		{"not like", when(`"StringNotLike":{"aws:ResourceTag/env":"p*"}`), "DeleteConnection", con, prod, silent},
		{"own things", when(`"StringEquals":{"aws:ResourceTag/owner":"${aws:username}"}`), "DeleteConnection", con, context{"aws:resourcetag/owner": {"bob"}}, allow},
		{"others' things", when(`"StringEquals":{"aws:ResourceTag/owner":"${aws:username}"}`), "DeleteConnection", con, context{"aws:resourcetag/owner": {"eve"}}, silent},
		{"a tag that is a star is not everybody's", when(`"StringLike":{"aws:username":"${aws:ResourceTag/owner}"}`), "DeleteConnection", con, context{"aws:resourcetag/owner": {"*"}}, silent},

		{"request tag", when(`"StringEquals":{"aws:RequestTag/team":"net"}`), "CreateConnection", none, team, allow},
		{"request tag absent", when(`"StringEquals":{"aws:RequestTag/team":"net"}`), "CreateConnection", none, nil, silent},
		{"two keys must both hold", when(`"StringEquals":{"aws:RequestTag/team":"net","aws:RequestTag/cost":"7"}`), "CreateConnection", none, team, silent},
		{"two keys hold", when(`"StringEquals":{"aws:RequestTag/team":"net","aws:RequestTag/cost":"7"}`), "CreateConnection", none, both, allow},
		{"two operators must both hold", when(`"StringEquals":{"aws:RequestTag/team":"net"},"StringLike":{"aws:RequestTag/cost":"8*"}`), "CreateConnection", none, both, silent},
		{"null true, absent", when(`"Null":{"aws:RequestTag/team":"true"}`), "CreateConnection", none, nil, allow},
		{"null true, there", when(`"Null":{"aws:RequestTag/team":"true"}`), "CreateConnection", none, team, silent},
		{"null false, there", when(`"Null":{"aws:RequestTag/team":false}`), "CreateConnection", none, team, allow},
		{"null false, absent", when(`"Null":{"aws:RequestTag/team":false}`), "CreateConnection", none, nil, silent},
		{"deny without a tag", unless(`"Null":{"aws:RequestTag/team":true}`), "CreateConnection", none, nil, denied},

		{"all tag keys", when(`"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost"]}`), "CreateConnection", none, both, allow},
		{"all tag keys, one too many", when(`"ForAllValues:StringEquals":{"aws:TagKeys":"team"}`), "CreateConnection", none, both, silent},
		{"all tag keys, none", when(`"ForAllValues:StringEquals":{"aws:TagKeys":"team"}`), "CreateConnection", none, nil, allow},
		{"any tag key", when(`"ForAnyValue:StringEquals":{"aws:TagKeys":"cost"}`), "CreateConnection", none, both, allow},
		{"any tag key, none", when(`"ForAnyValue:StringEquals":{"aws:TagKeys":"cost"}`), "CreateConnection", none, nil, silent},
		{"any tag key not among", when(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":"cost"}`), "CreateConnection", none, both, allow},
		{"all tag keys not among", when(`"ForAllValues:StringNotEquals":{"aws:TagKeys":"cost"}`), "CreateConnection", none, both, silent},
		{"all tag keys like", when(`"ForAllValues:StringLike":{"aws:TagKeys":["t*","c*"]}`), "CreateConnection", none, both, allow},
	})
}

// TestPlaceAndTime: where a request comes from and when, numbers, booleans and ARNs.
func TestPlaceAndTime(t *testing.T) {
	t.Parallel()
	six := context{"aws:sourceip": {"2001:db8:1::7"}}
	run(t, []decisionCase{
		{"range", when(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "CreateLag", none, nil, allow},
		{"another range", when(`"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}`), "CreateLag", none, nil, silent},
		{"one of the ranges", when(`"IpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/28"]}`), "CreateLag", none, nil, allow},
		{"one address", when(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`), "CreateLag", none, nil, allow},
		{"range with bits set", when(`"IpAddress":{"aws:SourceIp":"203.0.113.9/24"}`), "CreateLag", none, nil, allow},
		{"not in the range", when(`"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "CreateLag", none, nil, silent},
		{"deny from elsewhere", unless(`"NotIpAddress":{"aws:SourceIp":["198.51.100.0/24","192.0.2.0/24"]}`), "CreateLag", none, nil, denied},
		{"deny from elsewhere, from there", unless(`"NotIpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]}`), "CreateLag", none, nil, allow},
		{"IPv6", when(`"IpAddress":{"aws:SourceIp":"2001:db8::/32"}`), "CreateLag", none, six, allow},
		{"IPv6 is not IPv4", when(`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), "CreateLag", none, six, silent},

		{"before", when(`"DateLessThan":{"aws:CurrentTime":"2026-03-02T09:00:01Z"}`), "CreateLag", none, nil, allow},
		{"not before", when(`"DateLessThan":{"aws:CurrentTime":"2026-03-02T09:00:00Z"}`), "CreateLag", none, nil, silent},
		{"not after", when(`"DateLessThanEquals":{"aws:CurrentTime":"2026-03-02T10:00:00+01:00"}`), "CreateLag", none, nil, allow},
		{"after a day", when(`"DateGreaterThan":{"aws:CurrentTime":"2026-03-02"}`), "CreateLag", none, nil, allow},
		{"within a year", when(`"DateGreaterThanEquals":{"aws:CurrentTime":"2026"},"DateLessThan":{"aws:CurrentTime":"2027"}`), "CreateLag", none, nil, allow},
		{"that moment", when(`"DateEquals":{"aws:CurrentTime":"2026-03-02T09:00:00.000Z"}`), "CreateLag", none, nil, allow},
		{"not that moment", when(`"DateNotEquals":{"aws:CurrentTime":"2026-03-02T09:00:00Z"}`), "CreateLag", none, nil, silent},
		{"epoch as a date", when(`"DateGreaterThan":{"aws:EpochTime":1772441999}`), "CreateLag", none, nil, allow},
		{"epoch as a number", when(`"NumericGreaterThanEquals":{"aws:EpochTime":"1772442000"}`), "CreateLag", none, nil, allow},
		{"number less", when(`"NumericLessThan":{"aws:EpochTime":1772442000}`), "CreateLag", none, nil, silent},
		{"number not equal", when(`"NumericNotEquals":{"aws:EpochTime":1}`), "CreateLag", none, nil, allow},

		{"deny without TLS", unless(`"Bool":{"aws:SecureTransport":"false"}`), "CreateLag", none, nil, denied},
		{"with TLS", unless(`"Bool":{"aws:SecureTransport":false}`), "CreateLag", none, context{"aws:securetransport": {"true"}}, allow},
		{"token age, none", when(`"DateLessThan":{"aws:TokenIssueTime":"2026-01-01"}`), "CreateLag", none, nil, silent},
		{"Region", when(`"StringEquals":{"aws:RequestedRegion":["us-east-1","us-east-2"]}`), "CreateLag", none, nil, allow},
		{"principal", when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/b*"}`), "CreateLag", none, nil, allow},
		{"not that principal", when(`"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/b*"}`), "CreateLag", none, nil, silent},
		{"principal part by part", when(`"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}`), "CreateLag", none, nil, silent},
	})
}
