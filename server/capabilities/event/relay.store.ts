import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Event } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { leafHash, merkleRoot } from "@foedus/kernel/merkle.ts";
import { sanitised } from "@foedus/kernel/sanitise.ts";
import type { SigningKey } from "@foedus/kernel/signing.ts";
import { keyIdOf, signFor } from "@foedus/kernel/signing.ts";
import { sql } from "kysely";
import type { Follower } from "../../runtime/storage/follow.ts";
import type { LogEntry } from "../../runtime/storage/log.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { appendEvents } from "./append.store.ts";
import type { Families } from "./family.ts";
import { newEvents } from "./stored.ts";

/** Whose events the relayed facts become. */
export interface HubSigner {
  readonly spiffeId: string;
  readonly signingKey: SigningKey;
}

/** The hub counts on for ever: its sequences are the outbox's own, which never begin again. */
const hubEpoch = 1n;
const hubStream = "hub";

/**
 * Signs the facts that may leave the hub and appends them to the event log, in the transaction that
 * moves its place in the outbox: however many hubs relay, each fact becomes one event.
 */
export function relay(hub: HubSigner, families: Families): Follower {
  const kinds = [...families.values()].filter((one) => one.leavesHub).map((one) => one.type);
  return {
    name: "event.relay",
    log: "outbox",
    kinds,
    act: async (tx, entries) => {
      await rememberKey(tx, hub);
      const events = entries.map((entry) => eventOf(hub, entry, families));
      const signed = events.map((event) => ({ event, bytes: toBinary(EventSchema, event) }));
      const { signingKey, spiffeId: source } = hub;
      const root = merkleRoot(signed.map(({ bytes }) => leafHash(bytes)));
      const signature = signFor("event", signingKey, root);
      const keyId = keyIdOf(signingKey.publicKey);
      const first = entries[0]?.seq ?? 0n;
      const line = { source, stream: hubStream, epoch: hubEpoch, first };
      const batch = { ...line, events: signed, keyId, signature };
      await appendEvents(
        tx,
        newEvents(
          batch,
          signed.map(() => true),
        ),
      );
    },
  };
}

function eventOf(hub: HubSigner, entry: LogEntry, families: Families): Event {
  return create(EventSchema, {
    type: entry.kind,
    source: hub.spiffeId,
    subject: entry.subject,
    timeMs: entry.storedMs,
    stream: hubStream,
    epoch: hubEpoch,
    sequence: entry.seq,
    payload: payloadOf(entry, families),
  });
}

/** What the hub says of itself, it sanitises itself: it is the source. */
function payloadOf({ kind, body }: LogEntry, families: Families): Uint8Array {
  const schema = families.get(kind)?.schema;
  if (schema === undefined) return body;
  const message = fromBinary(schema, body, { readUnknownFields: false });
  return toBinary(schema, sanitised(schema, message));
}

/** So that its events stay provable when another hub serves this database, or its key is new. */
async function rememberKey(tx: TenantTx, { spiffeId, signingKey }: HubSigner): Promise<void> {
  const keyId = Buffer.from(keyIdOf(signingKey.publicKey));
  await sql`
    insert into event_signer (tenant_id, key_id, source, public_key)
    values (${tx.tenant}, ${keyId}, ${spiffeId}, ${Buffer.from(signingKey.publicKey)})
    on conflict do nothing`.execute(tx.sql);
}

/** The key that a hub over this database signed with; undefined for one of nobody here. */
export async function findHubKey(
  tx: TenantTx,
  keyId: Uint8Array,
  source: string,
): Promise<Uint8Array | undefined> {
  const { rows } = await sql<{ public_key: Buffer }>`
    select public_key from event_signer where tenant_id = ${tx.tenant}
      and key_id = ${Buffer.from(keyId)} and source = ${source}`.execute(tx.sql);
  const [row] = rows;
  return row && new Uint8Array(row.public_key);
}
