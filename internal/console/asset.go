package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed asset
var assets embed.FS

// assetTypes are the files that browsers load, and what they are.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// assetsHash says which files of this program's these are.
var assetsHash = sync.OnceValue(func() string {
	sum := sha256.New()
	entries, err := assets.ReadDir("asset")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		content, err := assets.ReadFile("asset/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum.Write(content)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
})

// assetPath is how pages name a file.
func assetPath(name string) string { return "/console/asset/" + name + "?" + assetsHash() }

// asset answers a file that pages load. They change with the program only; pages name them with their hash, so that browsers
// need not ask again.
func asset(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/console/asset/")
	kind, ok := assetTypes[path.Ext(name)]
	content, err := assets.ReadFile("asset/" + name)
	if !ok || err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	if r.URL.RawQuery != "" {
		w.Header().Set("Cache-Control", "public, max-age=86400")
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	_, _ = w.Write(content) // fails if the browser is gone
}
