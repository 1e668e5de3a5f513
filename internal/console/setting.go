package console

import (
	"net/url"
	"slices"
	"time"
)

// settingRoutes are what a visitor sets for their browser: the Region and light or dark.
func (s *Console) settingRoutes() []route {
	return []route{
		{pattern: "POST /console/region", who: somebody, handle: s.setRegion},
		{pattern: "POST /console/theme", who: anybody, handle: s.setTheme},
	}
}

const settingsLast = 365 * 24 * time.Hour

func (s *Console) setRegion(v *visit) (answer, error) {
	all, err := s.regions.get(v.Context(), s.Service, s.Now())
	if err != nil {
		return nil, err
	}
	region := v.PostFormValue("region")
	if !slices.Contains(all, region) {
		return nil, badRequest("There is no Region %q here.", region)
	}
	v.setCookie(regionCookie, region, settingsLast)
	return redirect(withoutRegion(local(v.PostFormValue("next"), "/console/"))), nil
}

// withoutRegion takes the Region out of an address, which would win over the one chosen.
func withoutRegion(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/console/"
	}
	q := u.Query()
	q.Del("region")
	u.RawQuery = q.Encode()
	return u.String()
}

var themes = []string{"light", "dark"}

func (s *Console) setTheme(v *visit) (answer, error) {
	theme := v.PostFormValue("theme")
	if slices.Contains(themes, theme) {
		v.setCookie(themeCookie, theme, settingsLast)
	} else {
		v.setCookie(themeCookie, "", -1)
	}
	next := v.PostFormValue("next")
	if next == "/console/login" {
		return redirect(next), nil
	}
	return redirect(local(next, "/console/")), nil
}

// theme is what was chosen; empty: as the system has it.
func (v *visit) theme() string {
	if c, err := v.Cookie(themeCookie); err == nil && slices.Contains(themes, c.Value) {
		return c.Value
	}
	return ""
}
