import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { Command } from "commander";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import {
  IdentityService,
  ListIdentitiesResponseSchema,
} from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { keyIdOf } from "@foedus/kernel/signing.ts";
import type { CliContext } from "../context.ts";
import { roleName } from "../names.ts";
import { tellListing } from "../listing.ts";
import { allPages } from "../pages.ts";
import { bad, good, unknown, warn, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";

/** `foedus identity list`. */
export function register(program: Command, context: CliContext): void {
  program
    .command("identity")
    .description("Who is who: keys and certificates of nodes.")
    .command("list")
    .description("Lists identities, revoked ones included.")
    .action(() => list(context));
}

async function list(context: CliContext): Promise<void> {
  const hub = await context.hub();
  const client = hub.as(IdentityService);
  const identities = await allPages(
    (page) => client.listIdentities({ page }, hub.call),
    (page) => page.identities,
  );
  const nowMs = hub.nowMs();
  await tellListing(
    context.print,
    ListIdentitiesResponseSchema,
    { identities },
    {
      items: identities,
      head: ["NAME", "STANDING", "ROLE", "JOINED", "CERTIFICATE", "KEY", "NODE"],
      row: (one) => rowOf(one, nowMs),
      none: ["Nobody has joined yet. Let somebody in: foedus token create --name web"],
    },
  );
}

function rowOf(identity: Identity, nowMs: number): Piece[] {
  const { name, role, nodeId, identityKey, enrollTime } = identity;
  return [
    name,
    standing(identity),
    roleName(role),
    enrollTime === undefined ? unknown : agoText(timestampMs(enrollTime), nowMs),
    certificate(identity.certificateExpireTime, nowMs),
    hex(keyIdOf(identityKey)),
    nodeId,
  ];
}

function standing(identity: Identity): Piece {
  const { revokeTime, revokeReason, quarantineTime, quarantineReason } = identity;
  if (quarantineTime !== undefined) return bad(`quarantined: ${quarantineReason}`);
  return revokeTime === undefined ? good("trusted") : bad(`revoked: ${revokeReason}`);
}

function certificate(end: Timestamp | undefined, nowMs: number): Piece {
  if (end === undefined) return unknown;
  const endMs = timestampMs(end);
  return endMs > nowMs ? `ends ${agoText(endMs, nowMs)}` : warn(`ended ${agoText(endMs, nowMs)}`);
}
