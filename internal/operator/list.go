package operator

import (
	"net/http"
	"net/url"
	"strconv"
)

// A page of a list holds listPage rows, or up to maxList when asked.
const (
	listPage = 100
	maxList  = 1000
)

// listQuery is what every list can be asked: how many rows, and whether those that have ended are listed too.
type listQuery struct {
	limit int
	ended bool
}

// readListQuery reads the query of a list of what. A key's text goes where texts says; all is for lists of what can end.
func readListQuery(q url.Values, what string, canEnd bool, texts map[string]*string) (listQuery, error) {
	l := listQuery{limit: listPage}
	for key, values := range q {
		value, err := values[len(values)-1], error(nil)
		switch to, ok := texts[key]; {
		case ok:
			*to = value
		case key == "all" && canEnd:
			l.ended, err = strconv.ParseBool(value)
		case key == "limit":
			if l.limit, err = strconv.Atoi(value); err == nil && (l.limit < 1 || l.limit > maxList) {
				err = strconv.ErrRange
			}
		default:
			return l, problem(http.StatusBadRequest, "%q is nothing to choose %s by.", key, what)
		}
		if err != nil {
			return l, noValue(key, value)
		}
	}
	return l, nil
}

func noValue(key, value string) error {
	return problem(http.StatusBadRequest, "%q is not a value for %s.", value, key)
}

// ask is how many rows to load: one more than the page, to know whether another follows.
func (l listQuery) ask() int { return l.limit + 1 }

// cut shows the rows of the page; after is the place of the last one if another page follows, and otherwise empty.
func cut[Row, Shown any](l listQuery, rows []Row, show func(Row) Shown, at func(Row) string) (page []Shown, after string) {
	if len(rows) > l.limit {
		rows = rows[:l.limit]
		after = at(rows[len(rows)-1])
	}
	page = make([]Shown, len(rows))
	for i, r := range rows {
		page[i] = show(r)
	}
	return page, after
}
