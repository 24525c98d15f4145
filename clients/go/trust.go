package foedus

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	invitationShape = regexp.MustCompile(
		`^foedus://(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d{1,5})/([a-z0-9][a-z0-9-]{0,62})#([\w-]{22})$`)
	tokenShape = regexp.MustCompile(`^(fjt_[0-9a-z]{26})\.([\w-]{43})\.([\w-]{22})$`)
	hubShape   = regexp.MustCompile(`^spiffe://([^/]+)/hub/[^/]+$`)
)

// Invitation says where to join, which tenant, and whom to trust there.
type Invitation struct {
	Host   string
	Port   int
	Tenant string
	CAHash string
}

// Address is host:port of the join listener.
func (i Invitation) Address() string { return fmt.Sprintf("%s:%d", i.Host, i.Port) }

func (i Invitation) String() string {
	return fmt.Sprintf("foedus://%s/%s#%s", i.Address(), i.Tenant, i.CAHash)
}

// ParseInvitation reads foedus://host:port/tenant#hash.
func ParseInvitation(text string) (Invitation, error) {
	found := invitationShape.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return Invitation{}, refusal("INVITATION_INVALID", "this is no invitation: "+text)
	}
	port, err := strconv.ParseUint(found[2], 10, 16)
	if err != nil {
		return Invitation{}, refusal("INVITATION_INVALID", "this is no port: "+found[2])
	}
	return Invitation{found[1], int(port), found[3], found[4]}, nil
}

// tokenID is the public half of a token, which must be of the invitation's hub.
func tokenID(text string, invited Invitation) (string, error) {
	found := tokenShape.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return "", refusal("TOKEN_MALFORMED", "this is no join token")
	}
	if found[3] != invited.CAHash {
		return "", refusal("TOKEN_OF_ANOTHER_HUB", "the token is of another hub")
	}
	return found[1], nil
}

// hubChain is a server's chain that leads to a root we trust.
type hubChain struct {
	spiffeID    string
	trustDomain string
	path        []*x509.Certificate
}

// holdsAt judges by the hub's clock, so that a wrong one of this machine does no harm.
func (c *hubChain) holdsAt(now time.Time) bool {
	for _, one := range c.path {
		if now.Before(one.NotBefore) || now.After(one.NotAfter) {
			return false
		}
	}
	return true
}

// followChain checks every signature and right to sign, and reads who the leaf is. When it holds
// is judged apart.
func followChain(presented, roots []*x509.Certificate) (*hubChain, error) {
	if len(presented) == 0 {
		return nil, untrusted("it shows no certificate")
	}
	leaf := presented[0]
	options := x509.VerifyOptions{
		Roots:         x509.NewCertPool(),
		Intermediates: x509.NewCertPool(),
		CurrentTime:   leaf.NotBefore,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, root := range roots {
		options.Roots.AddCert(root)
	}
	for _, between := range presented[1:] {
		options.Intermediates.AddCert(between)
	}
	paths, err := leaf.Verify(options)
	if err != nil {
		return nil, untrusted("its certificate does not lead to the root we trust: " + err.Error())
	}
	if len(leaf.URIs) != 1 || leaf.IsCA {
		return nil, untrusted("its certificate names no one SPIFFE id")
	}
	found := hubShape.FindStringSubmatch(leaf.URIs[0].String())
	if found == nil {
		return nil, untrusted("it is " + leaf.URIs[0].String() + ", and no hub")
	}
	return &hubChain{found[0], found[1], paths[0]}, nil
}

// pinned gives those that an invitation's hash names.
func pinned(candidates []*x509.Certificate, caHash string) []*x509.Certificate {
	var found []*x509.Certificate
	for _, one := range candidates {
		digest := sha256.Sum256(one.RawSubjectPublicKeyInfo)
		if base64.RawURLEncoding.EncodeToString(digest[:16]) == caHash {
			found = append(found, one)
		}
	}
	return found
}

func parseAll(ders [][]byte) ([]*x509.Certificate, error) {
	found := make([]*x509.Certificate, 0, len(ders))
	for _, der := range ders {
		one, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, nil
}

func untrusted(detail string) *Error {
	return refusal("HUB_NOT_TRUSTED", "this is not the hub we look for: "+detail)
}

// judgedBy makes a TLS configuration whose server must pass judge; nothing else is believed.
func judgedBy(judge func(presented []*x509.Certificate) error) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2"},
		// The names in a hub's certificate do not matter: it is known by its SPIFFE id.
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			return judge(state.PeerCertificates)
		},
	}
}
