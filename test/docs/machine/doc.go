// Package machine has no code: its tests run the commands of those pages in docs/ that change the machine, each on one of its
// own (package guest): as root, with Debian's programs and nothing else running.
package machine
