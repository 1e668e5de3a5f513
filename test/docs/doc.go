// Package docs has no code: its tests run the commands of the pages in docs/, as a reader would paste them, each page on a
// machine of its own (package guest): as root, with Debian's programs and nothing else running.
package docs
