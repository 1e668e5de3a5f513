// Package inside has no code: its tests hold package speaker to what it says in a kernel that has VRFs, against FRRouting
// as customers run it.
package inside
