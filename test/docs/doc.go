// Package docs has no code: its tests run the commands of pages in docs/, as a reader would paste them: here those that want
// nothing of the machine but programs, in package machine beneath those that change it.
package docs
