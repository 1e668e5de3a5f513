package guest

import (
	"slices"
	"testing"
)

func TestOrder(t *testing.T) {
	o := Options{Alone: []string{"d", "b"}, First: []string{"f", "e", "gone"}}
	alone, crowd := o.order([]string{"a", "b", "c", "d", "e", "f", "g"})
	if !slices.Equal(alone, []string{"b", "d"}) || !slices.Equal(crowd, []string{"e", "f", "a", "c", "g"}) {
		t.Errorf("alone %v, then %v", alone, crowd)
	}
}
