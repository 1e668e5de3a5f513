// Package backup holds the tests of backup and restore of a whole installation: while it sells, and between the engines.
// What a damaged file or a killed restore leaves is tested in internal/store, the verbs in cmd/onramp. There is no code to
// import here.
package backup
