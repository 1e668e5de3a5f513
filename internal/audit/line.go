package audit

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// linkMember is what an exported line has beside a CloudTrail record: where it stands in its chain.
const linkMember = `,"onramp":`

type exported struct {
	Record    string `json:"record"` // CHAIN/SEQUENCE
	Chain     int    `json:"chain"`
	Sequence  int64  `json:"sequence"`
	Time      int64  `json:"timeMicros"`
	Resources string `json:"resources"`
	Previous  string `json:"previousHash"`
	Hash      string `json:"hash"`
}

// Line is the record as one line of JSON: the CloudTrail record with one more member, onramp, at its end. ParseLine reads
// it back, so that an export can be verified without the installation.
func (l *Link) Line() string {
	link, err := json.Marshal(exported{l.Position.String(), l.Position.Chain(), l.Position.Sequence(), l.Time, l.Resources, l.Previous, l.Hash})
	if err != nil {
		panic(err) // it has only numbers and texts
	}
	return strings.TrimSuffix(l.Body, "}") + linkMember + string(link) + "}"
}

var errLine = errors.New("audit: not a line of an exported trail")

// ParseLine reads an exported line.
func ParseLine(line string) (Link, error) {
	at := strings.LastIndex(line, linkMember)
	if at < 0 || !strings.HasSuffix(line, "}") {
		return Link{}, errLine
	}
	var e exported
	if err := json.Unmarshal([]byte(line[at+len(linkMember):len(line)-1]), &e); err != nil {
		return Link{}, errLine
	}
	body := line[:at] + "}"
	s, err := Summarize(body)
	if err != nil {
		return Link{}, errLine
	}
	return Link{
		Position: At(e.Chain, e.Sequence), Time: e.Time, Account: s.Account, Name: s.Name, Resources: e.Resources,
		Body: body, Previous: e.Previous, Hash: e.Hash,
	}, nil
}

// Summary is what a list shows of a record.
type Summary struct {
	EventID   string    `json:"eventID"`
	Time      time.Time `json:"eventTime"`
	Source    string    `json:"eventSource"`
	Name      string    `json:"eventName"`
	Type      string    `json:"eventType"`
	Region    string    `json:"awsRegion"`
	Account   string    `json:"recipientAccountId"`
	ErrorCode string    `json:"errorCode"` // empty of what succeeded
	// ErrorMessage is what the caller was told.
	ErrorMessage string `json:"errorMessage"`
	Identity     struct {
		Type     string `json:"type"`
		ARN      string `json:"arn"`
		UserName string `json:"userName"`
	} `json:"userIdentity"`
	Details struct {
		From   string `json:"previousState"`
		To     string `json:"state"`
		Reason string `json:"reason"`
	} `json:"serviceEventDetails"`
}

// Summarize reads a record's JSON.
func Summarize(body string) (s Summary, err error) {
	return s, json.Unmarshal([]byte(body), &s)
}
