package foedus

import (
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	identityv1 "foedus.local/go/gen/foedus/identity/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// membership is what a node keeps of belonging to a hub.
type membership struct {
	admission  *identityv1.Admission
	invitation Invitation
	identity   ed25519.PrivateKey
	// own is nil when there is no certificate to be used.
	own *tls.Certificate
}

// folder holds the same files, in the same form, as the TypeScript SDK keeps.
type folder struct {
	path  string
	lock  *os.File
	mutex sync.Mutex
}

// clockKept is what a run tells the next one about time.
type clockKept struct {
	SkewMs int64 `json:"skewMs"`
	HubMs  int64 `json:"hubMs"`
	Epoch  int64 `json:"epoch"`
}

// The bytes by which SQLite locks a file: so the lock excludes the TypeScript SDK as well.
const (
	lockStart  = 0x40000000
	lockLength = 512
)

func holdFolder(path string) (*folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(path, "held"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	lock := syscall.Flock_t{
		Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: lockStart, Len: lockLength,
	}
	if err := syscall.FcntlFlock(file.Fd(), syscall.F_SETLK, &lock); err != nil {
		_ = file.Close()
		return nil, refusal("DATA_FOLDER_HELD", path+" is held by another process")
	}
	return &folder{path: path, lock: file}, nil
}

func (f *folder) release() { _ = f.lock.Close() }

func (f *folder) read(name string) (string, bool) {
	text, err := os.ReadFile(filepath.Join(f.path, name))
	return string(text), err == nil
}

// write is whole or not at all, also when the power fails.
func (f *folder) write(name, text string) error {
	aside := filepath.Join(f.path, fmt.Sprintf("%s.%d", name, os.Getpid()))
	file, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, written := file.WriteString(text)
	if err := errors.Join(written, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(aside, filepath.Join(f.path, name))
}

func (f *folder) remove(name string) { _ = os.Remove(filepath.Join(f.path, name)) }

type nodeKept struct {
	Invitation string          `json:"invitation"`
	Admission  json.RawMessage `json:"admission"`
}

// writeAdmission keeps what the hub answered; node.json last, since its presence means "joined".
func (f *folder) writeAdmission(admission *identityv1.Admission, invited Invitation, tlsKey string) error {
	bundle, err := protojson.Marshal(admission.GetBundle())
	if err != nil {
		return err
	}
	chain := ""
	for _, der := range admission.GetCertificate().GetChain() {
		chain += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	rest := proto.CloneOf(admission)
	rest.Bundle = nil
	rest.GetCertificate().Chain = nil
	admitted, err := protojson.Marshal(rest)
	if err != nil {
		return err
	}
	node, err := json.MarshalIndent(nodeKept{invited.String(), admitted}, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(
		f.write("tls.pem", tlsKey),
		f.write("chain.pem", chain),
		f.write("bundle.json", string(bundle)),
		f.write("node.json", string(node)+"\n"),
	)
}

// readMembership gives nil when no node joined from here.
func (f *folder) readMembership() (*membership, error) {
	text, ok := f.read("node.json")
	if !ok {
		return nil, nil
	}
	damaged := func(err error) error {
		return refusal("NODE_STATE_DAMAGED", f.path+" is damaged: "+err.Error())
	}
	var kept nodeKept
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, damaged(err)
	}
	admission, bundle := &identityv1.Admission{}, &identityv1.TrustBundle{}
	if err := protojson.Unmarshal(kept.Admission, admission); err != nil {
		return nil, damaged(err)
	}
	bundleText, _ := f.read("bundle.json")
	if err := protojson.Unmarshal([]byte(bundleText), bundle); err != nil {
		return nil, damaged(err)
	}
	admission.Bundle = bundle
	identityText, _ := f.read("identity.pem")
	identity, err := identityFromPEM(identityText)
	if err != nil {
		return nil, damaged(err)
	}
	invited, err := ParseInvitation(kept.Invitation)
	if err != nil {
		return nil, damaged(err)
	}
	return &membership{admission, invited, identity, f.ownCertificate()}, nil
}

// ownCertificate: two files are not replaced at once; a pair that a crash parted is asked for anew.
func (f *folder) ownCertificate() *tls.Certificate {
	chain, _ := f.read("chain.pem")
	key, _ := f.read("tls.pem")
	own, err := tls.X509KeyPair([]byte(chain), []byte(key))
	if err != nil {
		return nil
	}
	return &own
}

func (f *folder) clock() clockKept {
	var kept clockKept
	text, _ := f.read("clock.json")
	_ = json.Unmarshal([]byte(text), &kept)
	return kept
}

// learnTime keeps how far this machine's clock is ahead of the hub's.
func (f *folder) learnTime(hubMs int64, asked, answered time.Time) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	kept := f.clock()
	kept.SkewMs = asked.Add(answered.Sub(asked)/2).UnixMilli() - hubMs
	kept.HubMs = hubMs
	return f.writeClock(kept)
}

// hubNow is the hub's time, as well as it is known here.
func (f *folder) hubNow() time.Time {
	return time.Now().Add(-time.Duration(f.clock().SkewMs) * time.Millisecond)
}

// nextEpoch sets this run apart from all before. It is written before it is used.
func (f *folder) nextEpoch(known int64) (int64, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	kept := f.clock()
	kept.Epoch = max(f.hubNow().UnixMilli(), kept.Epoch+1, known+1)
	return kept.Epoch, f.writeClock(kept)
}

func (f *folder) writeClock(kept clockKept) error {
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return f.write("clock.json", string(text)+"\n")
}
