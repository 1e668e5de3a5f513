package audit

import "fmt"

// Finding is something wrong with a trail.
type Finding struct {
	Position Position // of the record that it is about; 0: it is about none
	Problem  string
}

// String names the record, if it is about one.
func (f Finding) String() string {
	if f.Position == 0 {
		return f.Problem
	}
	return "record " + f.Position.String() + ": " + f.Problem
}

// mostFindings bounds what is told of one chain: a trail that was written anew is wrong everywhere.
const mostFindings = 100

// Check reads a chain from one end to the other and finds what is wrong.
type Check struct {
	head     Head
	next     int64
	hash     string // that the next record must follow
	sum      string // that it may follow, too: what the last record's hash should be
	seals    map[int64]string
	longest  int64 // that the chain was sealed with, if it is shorter now
	findings []Finding
}

// NewCheck begins to check a chain that stands as head says.
func NewCheck(head Head) *Check {
	return &Check{head: head, next: head.First, hash: head.Base, sum: head.Base, seals: map[int64]string{}}
}

// sealed tells what a checkpoint says of the chain.
func (c *Check) sealed(h Head) {
	if h.Last >= c.head.First {
		c.seals[h.Last] = h.Hash
	}
	if h.Last > c.head.Last && h.Last > c.longest {
		c.longest = h.Last
	}
}

// Take checks the next record.
func (c *Check) Take(l Link) {
	at := l.Position.Sequence()
	if l.Position.Chain() != c.head.Chain || at < c.next {
		c.find(at, "is out of order")
		return
	}
	switch {
	case at > c.next && at == c.next+1:
		c.find(c.next, "is missing")
	case at > c.next:
		c.find(c.next, fmt.Sprintf("is missing, and all up to %d", at-1))
	}
	follows := at > c.next || l.Previous == c.hash || l.Previous == c.sum
	sum := l.Sum()
	switch {
	case at > c.head.Last:
		c.find(at, "is behind the end of its chain")
	case sum != l.Hash:
		c.find(at, "was changed: its hash is another")
	case !follows && at == c.head.First:
		c.find(at, "was put in place of another: it does not follow what was sealed before it")
	case !follows:
		c.find(at-1, "was put in place of another: the record after it follows that")
	}
	if sealed, ok := c.seals[at]; ok && sealed != l.Hash && sealed != sum {
		c.find(at, "was put in place of the one that a checkpoint was sealed over")
	}
	delete(c.seals, at)
	c.next, c.hash, c.sum = at+1, l.Hash, sum
}

// End answers what was found, when all records have been taken.
func (c *Check) End() []Finding {
	switch {
	case c.next == c.head.Last:
		c.find(c.next, "is missing")
	case c.next < c.head.Last:
		c.find(c.next, fmt.Sprintf("is missing, and all up to %d", c.head.Last))
	case c.next == c.head.Last+1 && c.head.Hash != c.hash && c.head.Hash != c.sum:
		c.find(c.head.Last, "was put in place of another: it is not the one that the chain ends with")
	}
	if c.longest > 0 {
		c.find(c.longest, fmt.Sprintf("is missing, as is all behind %d: a checkpoint was sealed over it", c.next-1))
	}
	return c.findings
}

func (c *Check) find(sequence int64, problem string) {
	if len(c.findings) < mostFindings {
		c.findings = append(c.findings, Finding{At(c.head.Chain, sequence), problem})
	}
}
