import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  MembershipSchema,
  SignedMembership,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { signMembership } from "@foedus/kernel/sync/membership.ts";

/** What the hub says of a node. */
export type Said = MessageInitShape<typeof MembershipSchema> & {
  readonly tenant: string;
  readonly nodeId: string;
  readonly publicKey: Uint8Array;
};

/** How long a membership is told to others before it is signed anew: most of its hour is left. */
export const tellsMs = 300_000;

const keptMax = 20_000;

/**
 * Signs memberships. Each node that listens is told of to many: what was said of it a moment ago is
 * not signed again, unless it says something else now.
 */
export function openVoucher(key: SigningKey): (said: Said, nowMs: number) => SignedMembership {
  const kept = new Map<string, { about: string; untilMs: number; signed: SignedMembership }>();
  return (said, nowMs) => {
    const name = `${said.tenant}/${said.nodeId}`;
    const about = aboutOf(said);
    const known = kept.get(name);
    if (known?.about === about && nowMs < known.untilMs) return known.signed;
    if (kept.size >= keptMax) kept.clear();
    const signed = signMembership(key, said);
    kept.set(name, { about, untilMs: nowMs + tellsMs, signed });
    return signed;
  };
}

function aboutOf({ name, zones, replicas, publicKey, trustDomain }: Said): string {
  return JSON.stringify([name, zones, replicas, hex(publicKey), trustDomain]);
}
