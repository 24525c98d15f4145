import { X509Certificate, createPrivateKey } from "node:crypto";
import { create, fromJsonString, toJsonString } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { AdmissionSchema, TrustBundleSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Invitation } from "@foedus/kernel/invitation.ts";
import { formatInvitation, parseInvitation } from "@foedus/kernel/invitation.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { signingKeyFromPem } from "@foedus/kernel/signing.ts";
import { FoedusError } from "../error.ts";
import { readObject } from "../json.ts";
import { pem } from "../keys.ts";
import type { NodeStore } from "../store/store.ts";

/** What a node keeps of belonging to a hub. */
export interface Membership {
  /** As the hub answered last; the hub's roots stand in its bundle. */
  readonly admission: Admission;
  /** Where it joined, and comes back. */
  readonly invitation: Invitation;
  /** Signs its events and its returns. */
  readonly identity: SigningKey;
  /** PEM of the TLS key that the newest certificate is for. */
  readonly tlsKey: string;
  /** PEM of that certificate, leaf first; undefined when a crash parted it from its key. */
  readonly chain: string | undefined;
}

const files = {
  identity: "identity.pem",
  tlsKey: "tls.pem",
  chain: "chain.pem",
  bundle: "bundle.json",
  node: "node.json",
  hubs: "hubs.json",
} as const;

/** Whether a node joined from here; without reading what it keeps. */
export async function hasJoined(store: NodeStore): Promise<boolean> {
  return (await store.read(files.node)) !== undefined;
}

/** PEM of an identity key is written once, before the hub hears of it. */
export async function writeIdentity(store: NodeStore, identityPem: string): Promise<void> {
  await store.write(files.identity, identityPem);
}

/** Writes what the hub answered; `node.json` last, since its presence means "joined". */
export async function writeAdmission(
  store: NodeStore,
  admission: Admission,
  invitation: Invitation,
  tlsKey: string,
): Promise<void> {
  const { certificate, bundle } = admission;
  const chain = (certificate?.chain ?? []).map((der) => pem("CERTIFICATE", der)).join("");
  await store.write(files.tlsKey, tlsKey);
  await store.write(files.chain, chain);
  if (bundle !== undefined) {
    await store.write(files.bundle, toJsonString(TrustBundleSchema, bundle, { prettySpaces: 2 }));
  }
  const rest = create(AdmissionSchema, { ...admission, bundle: undefined });
  if (rest.certificate !== undefined) rest.certificate = { ...rest.certificate, chain: [] };
  const admitted: unknown = JSON.parse(toJsonString(AdmissionSchema, rest));
  const node = { invitation: formatInvitation(invitation), admission: admitted };
  await store.write(files.node, `${JSON.stringify(node, null, 2)}\n`);
}

/** Where else the domain serves, as heartbeats tell: in a file that nothing else writes. */
export async function writeHubs(store: NodeStore, nodeAddresses: readonly string[]): Promise<void> {
  await store.write(files.hubs, `${JSON.stringify({ nodeAddresses })}\n`);
}

/** The hub has another address now; coming back there tells the one of its node listener. */
export async function moveInvitation(store: NodeStore, invitation: Invitation): Promise<void> {
  await store.remove(files.chain);
  const node = readObject((await store.read(files.node)) ?? "{}");
  const moved = { ...node, invitation: formatInvitation(invitation) };
  await store.write(files.node, `${JSON.stringify(moved, null, 2)}\n`);
}

/**
 * What an earlier run kept; undefined when no node joined from here.
 *
 * @throws FoedusError NODE_STATE_DAMAGED
 */
export async function readMembership(store: NodeStore): Promise<Membership | undefined> {
  const node = await store.read(files.node);
  if (node === undefined) return undefined;
  const { admission, invitation } = parsed(store, files.node, () => readNode(node));
  const bundle = await required(store, files.bundle);
  const identity = await required(store, files.identity);
  const tlsKey = (await store.read(files.tlsKey)) ?? "";
  const chain = (await store.read(files.chain)) ?? "";
  const nodeAddresses = [...admission.nodeAddresses, ...(await readHubs(store))];
  return {
    admission: {
      ...admission,
      nodeAddresses: [...new Set(nodeAddresses)],
      bundle: parsed(store, files.bundle, () => fromJsonString(TrustBundleSchema, bundle)),
    },
    invitation,
    identity: parsed(store, files.identity, () => signingKeyFromPem(identity)),
    tlsKey,
    chain: belongTogether(tlsKey, chain) ? chain : undefined,
  };
}

/** Only a help: without it the node knows what its last admission told. */
async function readHubs(store: NodeStore): Promise<string[]> {
  try {
    const { nodeAddresses } = readObject((await store.read(files.hubs)) ?? "{}");
    return Array.isArray(nodeAddresses) ? nodeAddresses.map(String) : [];
  } catch {
    return [];
  }
}

function readNode(text: string): { admission: Admission; invitation: Invitation } {
  const { invitation: written, admission } = readObject(text);
  const invitation = parseInvitation(String(written));
  if (invitation === undefined) throw new Error("it holds no invitation");
  return { invitation, admission: fromJsonString(AdmissionSchema, JSON.stringify(admission)) };
}

async function required(store: NodeStore, name: string): Promise<string> {
  const text = await store.read(name);
  if (text === undefined) throw damaged(store, name, new Error("it is missing"));
  return text;
}

function parsed<T>(store: NodeStore, name: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw damaged(store, name, cause);
  }
}

/** Two files are not replaced at once: a pair that a crash parted is asked for anew. */
function belongTogether(key: string, chain: string): boolean {
  try {
    return new X509Certificate(chain).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function damaged(store: NodeStore, file: string, cause: unknown): FoedusError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const facts = { file, place: store.place, detail };
  return new FoedusError(Reason.NODE_STATE_DAMAGED, facts, { cause });
}
