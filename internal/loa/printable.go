package loa

import "strings"

const addressLines = 6 // of an address; further lines are joined to the last

// printableLetter answers the letter with every text of its own drawable and nothing empty.
func printableLetter(f *typeface, l Letter) Letter {
	for _, text := range []*string{&l.Provider, &l.ProviderContact, &l.Requester, &l.RequesterAccount, &l.ProviderName} {
		*text = f.orDash(*text)
	}
	return l
}

// printableAssignment answers the assignment with every text drawable and nothing empty but the address's lines.
func printableAssignment(f *typeface, a Assignment) Assignment {
	for _, text := range []*string{
		&a.ConnectionID, &a.ConnectionName, &a.LagID, &a.Facility, &a.LocationCode,
		&a.Building, &a.Room, &a.Cage, &a.Rack, &a.Panel, &a.Port, &a.Strands,
		&a.Connector, &a.Media, &a.Speed, &a.Optic, &a.Device, &a.VerificationCode,
	} {
		*text = f.orDash(*text)
	}
	var lines []string
	for _, text := range a.Address {
		if shown := f.printable(text); shown != "" {
			lines = append(lines, shown)
		}
	}
	if len(lines) > addressLines {
		rest := strings.Join(lines[addressLines-1:], ", ")
		lines = append(lines[:addressLines-1], f.printable(rest))
	}
	if len(lines) == 0 {
		lines = []string{emDash}
	}
	a.Address = lines
	return a
}
