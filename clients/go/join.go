package foedus

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"
	identityv1 "foedus.local/go/gen/foedus/identity/v1"
	"foedus.local/go/gen/foedus/identity/v1/identityv1connect"
	"google.golang.org/protobuf/proto"
)

const (
	attemptsMax = 5
	callTimeout = 20 * time.Second
)

// JoinOptions say how to join.
type JoinOptions struct {
	// Invitation is foedus://host:port/tenant#hash, as the hub prints it.
	Invitation string
	// Token is a join token; empty where an invitation suffices.
	Token string
	// Name is the name to take; the token's if it has one.
	Name string
	// Folder is where the node keeps its keys.
	Folder string
	// Waiting hears for whom a joiner waits. Optional.
	Waiting func(waitingFor, whoCanEndIt, command string)
}

// Joined is who the node is from now on.
type Joined struct {
	NodeID, Name, Tenant, SpiffeID string
	// Already tells whether it had joined before, so that no token was spent.
	Already bool
}

// Join joins a hub and keeps the node's keys; it blocks while an admin must approve. It is safe to
// repeat: a run that crashed midway is finished by the next one, though the token is spent.
func Join(ctx context.Context, options JoinOptions) (*Joined, error) {
	invited, err := ParseInvitation(options.Invitation)
	if err != nil {
		return nil, err
	}
	bound := ""
	if options.Token != "" {
		if bound, err = tokenID(options.Token, invited); err != nil {
			return nil, err
		}
	}
	place, err := holdFolder(options.Folder)
	if err != nil {
		return nil, err
	}
	defer place.release()
	member, err := place.readMembership()
	if err != nil {
		return nil, err
	}
	if member != nil {
		if member.invitation.CAHash != invited.CAHash || member.invitation.Tenant != invited.Tenant {
			return nil, refusal("JOINED_ELSEWHERE", place.path+" belongs to another hub or tenant")
		}
		return joinedAs(member.admission, true), nil
	}
	begun := unfinished(place, invited)
	if begun == nil {
		if begun, err = begin(place, invited, options, bound); err != nil {
			return nil, err
		}
	}
	admission, err := enroll(ctx, place, invited, begun.request, options.Waiting)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		place.write("identity.pem", begun.kept.Identity),
		place.writeAdmission(admission, invited, begun.kept.TLSKey),
	)
	if err != nil {
		return nil, err
	}
	place.remove("enroll.json")
	return joinedAs(admission, false), nil
}

type attemptKept struct {
	Invitation string `json:"invitation"`
	Identity   string `json:"identity"`
	TLSKey     string `json:"tlsKey"`
	Request    string `json:"request"`
}

type attempt struct {
	kept    attemptKept
	request *identityv1.EnrollRequest
}

// begin keeps the attempt before the hub hears of it: a token admits once, and a crash may follow.
func begin(place *folder, invited Invitation, options JoinOptions, bound string) (*attempt, error) {
	public, identity, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	identityPEM, err := keyPEM(identity)
	if err != nil {
		return nil, err
	}
	tlsKey, csr, err := newTLSKey()
	if err != nil {
		return nil, err
	}
	request := &identityv1.EnrollRequest{
		RequestId:     newRequestID(),
		Token:         strings.TrimSpace(options.Token),
		Name:          options.Name,
		Csr:           csr,
		IdentityKey:   public,
		IdentityProof: proofOver("enroll", identity, csr, []byte(bound)),
	}
	if options.Token == "" {
		request.Tenant = invited.Tenant
	}
	encoded, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	kept := attemptKept{
		invited.String(), identityPEM, tlsKey, base64.RawURLEncoding.EncodeToString(encoded),
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	return &attempt{kept, request}, place.write("enroll.json", string(text)+"\n")
}

func unfinished(place *folder, invited Invitation) *attempt {
	text, _ := place.read("enroll.json")
	found := attempt{request: &identityv1.EnrollRequest{}}
	if json.Unmarshal([]byte(text), &found.kept) != nil || found.kept.Invitation != invited.String() {
		return nil
	}
	encoded, err := base64.RawURLEncoding.DecodeString(found.kept.Request)
	if err != nil || proto.Unmarshal(encoded, found.request) != nil {
		return nil
	}
	return &found
}

func enroll(
	ctx context.Context, place *folder, invited Invitation, request *identityv1.EnrollRequest,
	waiting func(waitingFor, whoCanEndIt, command string),
) (*identityv1.Admission, error) {
	for failures := 0; ; {
		answer, chain, err := enrollOnce(ctx, place, invited, request)
		if err != nil {
			told := errorOf(err)
			failures++
			var fromHub *connect.Error
			if !told.Passing() && errors.As(err, &fromHub) && len(fromHub.Details()) > 0 {
				// The hub itself said no, and will say no again.
				place.remove("enroll.json")
			}
			if !told.Passing() || failures >= attemptsMax {
				return nil, told
			}
			if err := pause(ctx, max(backoff(failures), told.retry())); err != nil {
				return nil, err
			}
			continue
		}
		if answer.GetAdmission() != nil {
			return answer.GetAdmission(), coherent(answer.GetAdmission(), invited, chain)
		}
		told := answer.GetWaiting()
		if waiting != nil {
			waiting(told.GetWaitingFor(), told.GetWhoCanEndIt(), told.GetCommand())
		}
		again := max(100*time.Millisecond, time.Duration(answer.GetRetryMs())*time.Millisecond)
		if err := pause(ctx, again); err != nil {
			return nil, err
		}
	}
}

func enrollOnce(
	ctx context.Context, place *folder, invited Invitation, request *identityv1.EnrollRequest,
) (*identityv1.EnrollResponse, *hubChain, error) {
	hub, err := contactHub(ctx, place, invited)
	if err != nil {
		return nil, nil, err
	}
	defer hub.close()
	calling, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := hub.client.Enroll(calling, connect.NewRequest(request))
	if err != nil {
		return nil, nil, err
	}
	return answer.Msg, hub.chain, nil
}

// contact is the join listener of a hub that proved to be the invitation's.
type contact struct {
	client identityv1connect.IdentityServiceClient
	chain  *hubChain
	nonce  []byte
	close  func()
}

// contactHub follows the hub's chain to the root that the invitation names, asks for the hub's time
// and judges the chain by that: the clock of this machine may be wrong.
func contactHub(ctx context.Context, place *folder, invited Invitation) (*contact, error) {
	found := &contact{}
	var judged error
	config := judgedBy(func(presented []*x509.Certificate) error {
		found.chain, judged = followChain(presented, pinned(presented, invited.CAHash))
		return judged
	})
	transport := transportWith(config)
	found.close = transport.CloseIdleConnections
	found.client = identityv1connect.NewIdentityServiceClient(
		&http.Client{Transport: transport}, "https://"+invited.Address())
	calling, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	asked := time.Now()
	answer, err := found.client.GetChallenge(calling, connect.NewRequest(&identityv1.GetChallengeRequest{}))
	if err != nil {
		found.close()
		if judged != nil {
			return nil, judged
		}
		return nil, err
	}
	if !found.chain.holdsAt(time.UnixMilli(answer.Msg.GetHubTimeMs())) {
		found.close()
		return nil, untrusted("its certificates do not hold by its own clock")
	}
	found.nonce = answer.Msg.GetNonce()
	return found, place.learnTime(answer.Msg.GetHubTimeMs(), asked, time.Now())
}

// reenter comes back by the identity key: for a node whose certificate lapsed.
func reenter(ctx context.Context, place *folder, member *membership) error {
	hub, err := contactHub(ctx, place, member.invitation)
	if err != nil {
		return err
	}
	defer hub.close()
	tlsKey, csr, err := newTLSKey()
	if err != nil {
		return err
	}
	calling, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := hub.client.Reenter(calling, connect.NewRequest(&identityv1.ReenterRequest{
		RequestId:     newRequestID(),
		Tenant:        member.admission.GetTenant(),
		NodeId:        member.admission.GetNodeId(),
		Csr:           csr,
		Nonce:         hub.nonce,
		IdentityProof: proofOver("reenter", member.identity, csr, hub.nonce),
	}))
	if err != nil {
		return err
	}
	admission := answer.Msg.GetAdmission()
	if err := coherent(admission, member.invitation, hub.chain); err != nil {
		return err
	}
	return place.writeAdmission(admission, member.invitation, tlsKey)
}

// coherent holds what a hub answers against what it proved to be.
func coherent(admission *identityv1.Admission, invited Invitation, chain *hubChain) error {
	roots, err := parseAll(admission.GetBundle().GetRoots())
	switch {
	case err != nil:
		return untrusted(err.Error())
	case len(admission.GetCertificate().GetChain()) == 0:
		return untrusted("it admits without a certificate")
	case admission.GetHubSpiffeId() != chain.spiffeID:
		return untrusted("it gives itself another name")
	case admission.GetBundle().GetTrustDomain() != chain.trustDomain:
		return untrusted("it vouches for another trust domain")
	case !strings.HasPrefix(admission.GetSpiffeId(), "spiffe://"+chain.trustDomain+"/"):
		return untrusted("it gives an identity of another trust domain")
	case admission.GetTenant() != invited.Tenant:
		return untrusted("it admits to another tenant")
	case len(pinned(roots, invited.CAHash)) == 0:
		return untrusted("its roots lack the one that the invitation pins")
	}
	return nil
}

func joinedAs(a *identityv1.Admission, already bool) *Joined {
	return &Joined{a.GetNodeId(), a.GetName(), a.GetTenant(), a.GetSpiffeId(), already}
}

// transportWith speaks HTTP/2 only, and notices a peer that went away without a word.
func transportWith(config *tls.Config) *http.Transport {
	protocols := &http.Protocols{}
	protocols.SetHTTP2(true)
	return &http.Transport{
		TLSClientConfig:     config,
		Protocols:           protocols,
		TLSHandshakeTimeout: 10 * time.Second,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout: 20 * time.Second,
			PingTimeout:     10 * time.Second,
		},
	}
}
