package foedus

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/bits"

	eventv1 "foedus.local/go/gen/foedus/event/v1"
)

// batchEventsMax is how many events one signature may cover.
const batchEventsMax = 256

// batchBytesMax is how many bytes of payload go into one batch.
const batchBytesMax = 512 * 1024

func newRequestID() string {
	random := make([]byte, 16)
	_, _ = rand.Read(random)
	return "req_" + hex.EncodeToString(random)
}

// newTLSKey makes a P-256 key as PEM, and the request (DER) to certify it.
func newTLSKey() (string, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, err
	}
	subject := pkix.Name{CommonName: "foedus node"}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: subject}, key)
	if err != nil {
		return "", nil, err
	}
	text, err := keyPEM(key)
	return text, csr, err
}

// keyPEM is PKCS#8, as every Foedus client keeps keys.
func keyPEM(key any) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), err
}

func identityFromPEM(text string) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the identity key is no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	if identity, ok := key.(ed25519.PrivateKey); ok {
		return identity, nil
	}
	return nil, errors.New("the identity key is no Ed25519 key")
}

func publicOf(key ed25519.PrivateKey) []byte { return key.Public().(ed25519.PublicKey) }

// keyID is how an event names its key.
func keyID(public []byte) []byte {
	digest := sha256.Sum256(public)
	return digest[:8]
}

// signFor puts what a signature is for before the bytes, so that it fits no other purpose.
func signFor(purpose string, key ed25519.PrivateKey, signed []byte) []byte {
	return ed25519.Sign(key, append([]byte("foedus."+purpose+".v1\n"), signed...))
}

// proofOver binds the identity key to a certificate request, on this one occasion.
func proofOver(purpose string, key ed25519.PrivateKey, csr, occasion []byte) []byte {
	digest := sha256.Sum256(csr)
	return signFor(purpose, key, append(digest[:], occasion...))
}

// signBatch signs serialized events together; nobody serializes them again.
func signBatch(key ed25519.PrivateKey, events [][]byte) *eventv1.Batch {
	leaves := make([][]byte, len(events))
	for at, event := range events {
		leaves[at] = leafOf(event)
	}
	signature := signFor("event", key, rootOf(leaves))
	return &eventv1.Batch{Events: events, KeyId: keyID(publicOf(key)), Signature: signature}
}

// isProved tells whether the key signed the batch that this event hangs under.
func isProved(stored *eventv1.StoredEvent, public []byte) bool {
	root := rootFromPath(leafOf(stored.GetEvent()), stored.GetProof())
	if root == nil || len(public) != ed25519.PublicKeySize {
		return false
	}
	if string(stored.GetKeyId()) != string(keyID(public)) {
		return false
	}
	return ed25519.Verify(public, append([]byte("foedus.event.v1\n"), root...), stored.GetSignature())
}

func leafOf(event []byte) []byte {
	digest := sha256.Sum256(append([]byte{0}, event...))
	return digest[:]
}

func above(left, right []byte) []byte {
	digest := sha256.Sum256(append(append([]byte{1}, left...), right...))
	return digest[:]
}

// rootOf follows RFC 9162, section 2.1.1.
func rootOf(leaves [][]byte) []byte {
	if len(leaves) == 1 {
		return leaves[0]
	}
	split := 1 << (bits.Len(uint(len(leaves)-1)) - 1)
	return above(rootOf(leaves[:split]), rootOf(leaves[split:]))
}

// rootFromPath follows RFC 9162, section 2.1.3.2; nil when the path fits no tree of that size.
func rootFromPath(leaf []byte, proof *eventv1.InclusionProof) []byte {
	position, last := proof.GetLeafIndex(), proof.GetTreeSize()-1
	if position < 0 || position > last {
		return nil
	}
	root := leaf
	for _, sibling := range proof.GetPath() {
		if last == 0 {
			return nil
		}
		if position%2 == 1 || position == last {
			root = above(sibling, root)
			for position%2 == 0 && position != 0 {
				position, last = position/2, last/2
			}
		} else {
			root = above(root, sibling)
		}
		position, last = position/2, last/2
	}
	if last != 0 {
		return nil
	}
	return root
}
