package loa

import (
	"fmt"
	"strings"
	"time"
)

// sampleLetter is an ordinary letter for a LAG of n members.
func sampleLetter(n int) Letter {
	issued := time.Date(2026, time.November, 23, 10, 15, 30, 0, time.UTC)
	l := Letter{
		Provider:         "Onramp",
		ProviderContact:  "noc@onramp.example, +49 30 5550 0137",
		Requester:        "Example Freight GmbH",
		RequesterAccount: "210987654321",
		ProviderName:     "Northern Fibre Carriers",
		Issued:           issued,
		Expires:          issued.AddDate(0, 0, 90),
	}
	for i := range n {
		l.Pages = append(l.Pages, Assignment{
			ConnectionID:     fmt.Sprintf("dxcon-fg5678%02d", i),
			ConnectionName:   fmt.Sprintf("berlin-core-%d", i+1),
			LagID:            "dxlag-ffrstuv9",
			Facility:         "Equinix SP4, São Paulo",
			Address:          []string{"Av. Ceci 1900, Tamboré", "06460-120 Barueri, SP", "Brazil"},
			LocationCode:     "TNDB",
			Building:         "SP4-East",
			Room:             "MMR 2",
			Cage:             "C-0417",
			Rack:             "R-12.03",
			Panel:            "PP-07",
			Port:             fmt.Sprintf("%d", 17+i),
			Strands:          fmt.Sprintf("%d/%d", 33+2*i, 34+2*i),
			Connector:        "LC duplex",
			Media:            "Single-mode fibre (OS2)",
			Speed:            "10 Gbps",
			Optic:            "10GBASE-LR 1310 nm",
			Device:           "TNDB-1bwfvazist2k0",
			VerificationCode: fmt.Sprintf("7KQ2-9XHM-4TB%d", i),
		})
	}
	return l
}

// longLetter has 255 characters in every field.
func longLetter(character string) Letter {
	long := strings.Repeat(character, longest)
	l := sampleLetter(1)
	a := &l.Pages[0]
	for _, text := range []*string{
		&l.Provider, &l.ProviderContact, &l.Requester, &l.RequesterAccount, &l.ProviderName,
		&a.ConnectionID, &a.ConnectionName, &a.LagID, &a.Facility, &a.LocationCode, &a.Building, &a.Room, &a.Cage,
		&a.Rack, &a.Panel, &a.Port, &a.Strands, &a.Connector, &a.Media, &a.Speed, &a.Optic, &a.Device, &a.VerificationCode,
	} {
		*text = long
	}
	a.Address = []string{long, long, long, long, long, long, long, long}
	return l
}
