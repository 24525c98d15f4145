import { create } from "@bufbuild/protobuf";
import type { Admission, Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { AdmissionSchema, TrustBundleSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Authority } from "./authority.ts";
import type { Leaf } from "./certificate.ts";

/** What a node is told of the hub it joined. */
export interface Host {
  readonly trustDomain: string;
  readonly tenant: string;
  readonly nodeAddress: string;
  /** Every live hub's listeners, this one's first. */
  readonly nodeAddresses: string[];
  readonly joinAddresses: string[];
  readonly hubSpiffeId: string;
  readonly signingKeys: readonly Uint8Array[];
}

/**
 * Whom to trust in the hub's own domain. Its root stays as long as the hub, and signing keys are
 * only ever added: their number grows with each change.
 */
export function bundleOf(
  { root }: Authority,
  trustDomain: string,
  signingKeys: readonly Uint8Array[],
) {
  return create(TrustBundleSchema, {
    trustDomain,
    roots: [new Uint8Array(root.rawData)],
    sequence: BigInt(signingKeys.length),
    signingKeys: [...signingKeys],
  });
}

/** Everything a node keeps after it joined, came back, or renewed. */
export function admissionOf(
  authority: Authority,
  host: Host,
  identity: Identity,
  leaf: Leaf,
  nowMs: number,
): Admission {
  const { nodeId, name, spiffeId } = identity;
  const { tenant, nodeAddress, nodeAddresses, joinAddresses, hubSpiffeId } = host;
  const intermediate = new Uint8Array(authority.issuer.certificate.rawData);
  return create(AdmissionSchema, {
    nodeId,
    name,
    tenant,
    spiffeId,
    certificate: {
      chain: [leaf.certificate, intermediate],
      serial: leaf.serial,
      lifetimeMs: BigInt(leaf.expireMs - nowMs),
    },
    bundle: bundleOf(authority, host.trustDomain, host.signingKeys),
    nodeAddress,
    nodeAddresses,
    joinAddresses,
    hubSpiffeId,
    hubTimeMs: BigInt(nowMs),
  });
}

/** An answer that was kept, told again later: the time that passed since is no longer left. */
export function toldAt(admission: Admission, nowMs: number): Admission {
  const { certificate, hubTimeMs } = admission;
  if (certificate === undefined) return admission;
  const left = certificate.lifetimeMs - (BigInt(nowMs) - hubTimeMs);
  const lifetimeMs = left > 0n ? left : 0n;
  return { ...admission, certificate: { ...certificate, lifetimeMs }, hubTimeMs: BigInt(nowMs) };
}
