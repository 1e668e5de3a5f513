package console

import (
	"fmt"
	"strconv"
	"time"

	"onramp/internal/api"
	"onramp/internal/directconnect"
)

// testSection shows the failover tests of an interface, with how long the running one will last, and stops it: mine says that
// the interface is the visitor's. It is live, so that nothing is left to stop when the test has ended by itself.
func (v *visit) testSection(t *tried, own directconnect.VirtualInterface, mine bool) section {
	s := section{ID: "tests", Title: "Failover tests"}
	if mine && own.TestID != "" {
		s.Note = "A test is running: its sessions are down until it ends."
		s.Forms = []form{v.form(t, form{
			ID: "stop", Action: interfacePath(own.ID) + "/test/stop", Submit: "Stop the test",
			Needs: needs("StopBgpFailoverTest", api.StopBgpFailoverTestRequest{VirtualInterfaceID: &own.ID}),
		})}
	}
	out, err := ask[api.ListVirtualInterfaceTestHistoryRequest, api.ListVirtualInterfaceTestHistoryResponse](v, "ListVirtualInterfaceTestHistory",
		api.ListVirtualInterfaceTestHistoryRequest{VirtualInterfaceID: &own.ID})
	if err != nil {
		s.Empty = told(err)
		return s
	}
	s.Table = &table{Caption: "Failover tests", Head: []string{"Test", "State", "Began", "Length", "Ended"}, Empty: "None was made."}
	now := v.console.Service.Now()
	for _, t := range out.VirtualInterfaceTestHistory {
		if value(t.Status) == string(directconnect.TestInProgress) {
			ends := value(t.StartTime).Add(time.Duration(value(t.TestDurationInMinutes)) * time.Minute)
			s.Countdown = &cell{Text: lasting(ends.Sub(now)), Until: ends, Now: now}
		}
		s.Table.Rows = append(s.Table.Rows, []cell{
			coded(value(t.TestID)), stated(value(t.Status)), plain(when(t.StartTime)), plain(number(t.TestDurationInMinutes) + " min"), plain(when(t.EndTime)),
		})
	}
	return s
}

// lasting is a duration in hours, minutes and seconds.
func lasting(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

// testForms start a failover test, if none runs.
func testForms(v *visit, t *tried, own directconnect.VirtualInterface) []section {
	if own.TestID != "" {
		return nil
	}
	var peers []option
	for _, p := range own.Peers {
		if p.State != directconnect.PeerDeleting && p.State != directconnect.PeerDeleted {
			peers = append(peers, option{Value: p.ID, Label: p.ID, Note: string(p.Family) + ", AS " + strconv.FormatInt(p.ASN, 10)})
		}
	}
	start := v.form(t, form{ID: "test", Action: interfacePath(own.ID) + "/test", Submit: "Start the test", Quiet: true,
		Needs: needs("StartBgpFailoverTest", api.StartBgpFailoverTestRequest{VirtualInterfaceID: &own.ID}), Intro: "The sessions are taken down on purpose, to see that traffic goes another way.", Fields: []field{
			numberField("minutes", "Length in minutes", "180 if it is empty, 4320 at most.", 1, 4320),
			{Name: "peers", Label: "Peers", Help: "All of them if none is ticked.", Kind: "checks", Options: peers},
		}})
	return []section{{ID: "test-start", Title: "Failover test", Fold: true, Open: start.Error != "", Forms: []form{start}}}
}

func startTest(v *visit, in *input) (to, done string, err error) {
	id := v.PathValue("id")
	req := api.StartBgpFailoverTestRequest{VirtualInterfaceID: &id, TestDurationInMinutes: in.int32("minutes", "Length"), BgpPeers: in.Values["peers"]}
	if err := in.problem(); err != nil {
		return "", "", err
	}
	_, err = ask[api.StartBgpFailoverTestRequest, api.StartBgpFailoverTestResponse](v, "StartBgpFailoverTest", req)
	return interfacePath(id), "test-started", err
}

func stopTest(v *visit, _ *input) (to, done string, err error) {
	id := v.PathValue("id")
	_, err = ask[api.StopBgpFailoverTestRequest, api.StopBgpFailoverTestResponse](v, "StopBgpFailoverTest", api.StopBgpFailoverTestRequest{VirtualInterfaceID: &id})
	return interfacePath(id), "test-stopped", err
}
