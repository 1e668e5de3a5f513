// Package inside has no code: its tests run in a guest and show what one is; those of package guest look at them from
// outside.
package inside
