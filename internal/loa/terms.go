package loa

import (
	"fmt"
	"math"
	"strconv"
)

// terms prints what is authorized, to whom, for how long and at whose cost.
func (p *page) terms(y float64) float64 {
	const indent = 5.0
	y = p.section(left, y, textWidth, "Authorization")
	for i, clause := range clauses(p.letter) {
		p.print(left, y, strconv.Itoa(i+1)+".", style{prose.pt, false, muted})
		y = p.paragraph(left+indent, y, textWidth-indent, clause, prose) + p.gap(0.7)
	}
	return y
}

// clauses are the sentences of the authority. The letter's texts are printable already.
func clauses(l Letter) []string {
	provider, requester := named(l.Provider, "the provider"), named(l.Requester, "the requester")
	agents := "any agent acting for it"
	if l.ProviderName != emDash {
		agents = "its agents, among them the network provider " + l.ProviderName
	}
	days := int(math.Round(l.Expires.Sub(l.Issued).Hours() / 24))
	return []string{
		fmt.Sprintf("By this letter, %s authorizes %s and %s to order one cross connect at the facility named above, from the "+
			"requester's equipment to the demarcation point, and asks the facility's operator to install it.",
			provider, requester, agents),
		fmt.Sprintf("The authority starts on the day of issue and ends on %s (%s). A cross connect that has not been ordered "+
			"by then needs a new letter.", utcDate(l.Expires), plural(days, "day")),
		fmt.Sprintf("Whoever places the order pays the facility's charges for installing and keeping the cross connect. "+
			"No part of them may be billed to %s.", provider),
		fmt.Sprintf("Only the position shown may be used. If it is occupied or does not match this letter, leave it as it is, "+
			"move no existing circuit, and ask %s before going on.", provider),
		"The letter is not transferable. It gives no right of access to the provider's space or equipment, and the provider " +
			"may withdraw it in writing as long as the work has not been done.",
		"Please test the path end to end and give the requester the circuit ID. If a duplex pair shows no light, roll the " +
			"strands at one end.",
	}
}

// named is the name of a party, or what it is where the letter has no name.
func named(name, role string) string {
	if name == emDash {
		return role
	}
	return name
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// verification prints the code by which anyone can ask whether the letter is genuine.
func (p *page) verification(y float64) float64 {
	const codeW, inset = 66.0, 5.0
	const howX = left + codeW + inset
	const howW = right - howX - inset
	code := p.assignment.VerificationCode
	how := []string{
		fmt.Sprintf("To check that this letter is genuine and still in force, give the code to %s, who checks it with: "+
			"onramp loa verify %s", named(p.letter.Provider, "the provider"), code),
		fmt.Sprintf("Issued electronically by %s; valid without a signature.", named(p.letter.Provider, "the provider")),
	}
	text := func(s *sheet) float64 {
		top := y + p.gap(2.6)
		end := s.paragraph(left+inset, top, codeW-inset, "Verification code", label)
		end = s.paragraph(left+inset, end, codeW-inset, code, s.shrink(code, codeW-inset, 1, 0.6, style{14, true, deep}))
		for _, sentence := range how {
			top = s.paragraph(howX, top, howW, sentence, style{8, false, ink})
		}
		return max(end, top) + p.gap(2.2)
	}
	measured := text(p.sheet.measure())
	p.box(left, y, textWidth, measured-y, 1.6, paper, &line)
	return text(p.sheet)
}
