package house

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const module = "onramp/"

// breaches lists every breach of the house's laws in the sources, one line
// each, beginning with the file.
func breaches(sources []source) []string {
	var found []string
	for _, s := range sources {
		say := func(format string, args ...any) {
			found = append(found, s.path+": "+fmt.Sprintf(format, args...))
		}
		lawOfFiles(s, say)
		if s.test {
			lawOfTests(s, say)
		} else if s.folder() != "." { // the top of the repository is no package of the program
			lawOfImports(s, say)
		}
	}
	return found
}

type sayer func(format string, args ...any)

func lawOfFiles(s source, say sayer) {
	if s.lines > longestFile && !s.generated {
		say("%d lines; no file but a generated one is longer than %d: split it by meaning", s.lines, longestFile)
	}
	name := strings.TrimSuffix(s.syntax.Name.Name, "_test")
	if slices.Contains(notUsedAsNames, name) || slices.Contains(notUsedAsNames, path.Base(s.folder())) {
		say("package %s in %s: name a package for what it is, not for being shared", name, s.folder())
	}
}

func lawOfTests(s source, say sayer) {
	if s.uses("time", "Sleep") {
		say("time.Sleep in a test: wait for the event, or turn the clock by hand")
	}
}

// lawOfImports holds for what is not a test: tests may import what they like.
func lawOfImports(s source, say sayer) {
	from, ok := roomOf(s.folder())
	if !ok {
		say("%s is in no room: give it a line in test/house/rooms_test.go and in ARCHITECTURE.md", s.folder())
		return
	}
	for _, imported := range s.imports() {
		folder, ours := strings.CutPrefix(imported, module)
		if ours {
			to, ok := roomOf(folder)
			if !ok {
				say("imports %s, which is in no room", imported)
			} else if why := from.mayImport(to); why != "" {
				say("%s (floor %d) imports %s (floor %d): %s", from.path, from.floor, folder, to.floor, why)
			}
			continue
		}
		if from.std && !standard(imported) {
			say("%s imports %s: it uses the standard library only", from.path, imported)
		}
		if strings.HasPrefix(imported, sdkPrefix) && !from.sdk {
			say("imports %s: the AWS SDK is for the generator and for tests", imported)
		}
		if why, ok := impure[imported]; ok && from.pure {
			say("%s is pure and imports %s: %s", from.path, imported, why)
		}
	}
	for _, clock := range []string{"Now", "Since", "Until", "Sleep", "After", "NewTimer", "NewTicker", "AfterFunc", "Tick"} {
		if from.pure && s.uses("time", clock) {
			say("%s is pure and uses time.%s: it is given the time", from.path, clock)
		}
	}
}

// standard reports whether an import path is of the standard library: only
// those have no dot in their first element.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}
