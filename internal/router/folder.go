package router

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"onramp/internal/fabric"
	"onramp/internal/fabric/remote"
	"onramp/internal/wholefile"
)

// Files of a state folder. All are of mode 0600, the folder of 0700. Keys of an intent are in none of them in the clear.
const (
	aboutFile     = "router.json"   // whose folder it is, where the control plane is, which devices the ports are
	identityFile  = "identity.pem"  // the certificate that the control plane gave, and its private key
	authorityFile = "authority.pem" // the certificate whose servers are trusted
	sealingFile   = "sealing.key"   // opens the keys of intents
	orderFile     = "intent"        // the last one, its keys sealed
	acceptedFile  = "accepted"      // there when the operator has accepted the first plan
	lockFile      = "lock"          // held by the process that the folder belongs to at present
	socketFile    = "agent.sock"    // where a running agent answers onramp router plan
	driverFolder  = "driver"        // the driver's own
)

// about is what aboutFile says.
type about struct {
	Router    string            `json:"router"`
	Addresses []string          `json:"addresses,omitempty"`
	Ports     map[string]string `json:"ports,omitempty"`
}

// Folder is the state folder of an agent, held by this process alone.
type Folder struct {
	path            string
	sealing, public []byte
	lock            *os.File

	mu    sync.Mutex
	about about
}

var (
	// ErrRunning is wrapped by the errors about a folder that another process holds.
	ErrRunning = errors.New("an agent is running")
	// ErrNotEnrolled is wrapped by the errors about a folder that is no agent's yet.
	ErrNotEnrolled = errors.New("this router is not enrolled: run onramp router enroll with a token of onramp router token")
)

// OpenFolder takes the folder of an enrolled agent.
func OpenFolder(path string) (*Folder, error) {
	if _, err := os.Stat(filepath.Join(path, aboutFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNotEnrolled)
	}
	return takeFolder(path)
}

// LocalFolder takes the folder of an agent without the wire, and makes it where there is none.
func LocalFolder(path, router string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	f, err := takeFolder(path)
	if err != nil {
		return nil, err
	}
	if err := f.become(router); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// takeFolder locks a folder and reads what it says.
func takeFolder(path string) (_ *Folder, err error) {
	f := &Folder{path: path}
	if f.lock, err = lock(filepath.Join(path, lockFile)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := errors.Join(wholefile.Sweep(f.path), f.read()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *Folder) read() error {
	text, err := os.ReadFile(f.at(aboutFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, &f.about)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.at(aboutFile), err)
	}
	return f.readSealing()
}

// become makes the folder a router's, with a sealing key if it has none yet: an intent that it keeps stays good.
func (f *Folder) become(router string) error {
	if f.about.Router != "" && f.about.Router != router {
		return fmt.Errorf("%s is the folder of router %s: take away with onramp router remove what it has made, or choose another", f.path, f.about.Router)
	}
	err := f.readSealing()
	if errors.Is(err, fs.ErrNotExist) {
		var private []byte
		if private, _, err = remote.NewSealingKey(); err == nil {
			err = f.write(sealingFile, private)
		}
		if err == nil {
			err = f.readSealing()
		}
	}
	if err != nil {
		return err
	}
	return f.change(func(a *about) { a.Router = router })
}

func (f *Folder) readSealing() (err error) {
	if f.sealing, err = os.ReadFile(f.at(sealingFile)); err != nil {
		return err
	}
	if f.public, err = remote.PublicSealingKey(f.sealing); err != nil {
		return fmt.Errorf("%s: %w", f.at(sealingFile), err)
	}
	return nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return errors.Join(unlock(f.lock), f.lock.Close()) }

// Router is whose folder it is.
func (f *Folder) Router() string { return f.about.Router }

func (f *Folder) at(name string) string { return filepath.Join(f.path, name) }

// change saves what aboutFile says.
func (f *Folder) change(change func(*about)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.about)
	text, err := json.MarshalIndent(f.about, "", "  ")
	if err != nil {
		return err
	}
	return f.write(aboutFile, append(text, '\n'))
}

// addresses are where the control plane is.
func (f *Folder) addresses() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.about.Addresses)
}

// setPorts remembers devices; nil leaves those that are remembered.
func (f *Folder) setPorts(ports map[string]string) error {
	if ports == nil || maps.Equal(ports, f.about.Ports) {
		return nil
	}
	return f.change(func(a *about) { a.Ports = ports })
}

// open opens the driver with what the folder remembers.
func (f *Folder) open(open Opener, changed func(), log *slog.Logger) (fabric.Driver, error) {
	state := f.at(driverFolder)
	if err := os.MkdirAll(state, 0o700); err != nil {
		return nil, err
	}
	return open(Site{Router: f.about.Router, Ports: f.about.Ports, State: state, Changed: changed, Log: log})
}

// order reads the last order; nil when there is none.
func (f *Folder) order() (*remote.Order, error) {
	text, err := os.ReadFile(f.at(orderFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var o remote.Order
	if err := o.UnmarshalBinary(text); err != nil {
		return nil, fmt.Errorf("%s: %w", f.at(orderFile), err)
	}
	return &o, nil
}

// keep makes an order the last one. It is on the disk when keep returns.
func (f *Folder) keep(o remote.Order) error {
	text, err := o.MarshalBinary()
	if err != nil {
		return err
	}
	return f.write(orderFile, text)
}

func (f *Folder) forget() error { return f.remove(orderFile) }

func (f *Folder) accepted() bool {
	_, err := os.Stat(f.at(acceptedFile))
	return err == nil
}

func (f *Folder) accept() error { return f.write(acceptedFile, nil) }

// clear takes away all that is the agent's, and the folder if nothing else is in it.
func (f *Folder) clear() error {
	errs := []error{wholefile.Sweep(f.path), os.RemoveAll(f.at(driverFolder))}
	for _, name := range []string{aboutFile, identityFile, authorityFile, sealingFile, orderFile, acceptedFile, socketFile, lockFile} {
		if err := os.Remove(f.at(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	_ = os.Remove(f.path) // stays if it is not empty: the rest is somebody else's
	return errors.Join(errs...)
}

func (f *Folder) remove(name string) error {
	if err := os.Remove(f.at(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return wholefile.SyncFolder(f.path)
}

// write puts a file in place.
func (f *Folder) write(name string, content []byte) error {
	return wholefile.Replace(f.at(name), content)
}
