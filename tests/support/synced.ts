import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { PushSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { Kind, StreamSchema, type OpSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { anyTerms } from "@foedus/kernel/sync/charter.ts";
import type { Item, LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import { encodeOp, streamKey } from "@foedus/kernel/sync/op.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { SyncLog } from "../../server/capabilities/sync/log.store.ts";

const minuteMs = 60_000;
const radix = 36;

/** The stream of these tests. */
export const notes = create(StreamSchema, { collection: "notes", zone: "world", lane: 1 });

/** A replica's key that was made at an instant. */
export function replicaAt(ms: number, name: string): string {
  return `${Math.floor(ms / minuteMs).toString(radix)}-${name}`;
}

/** A value for a record. */
export function putOf(record: string, more: MessageInitShape<typeof OpSchema> = {}): Uint8Array {
  return encodeOp({ kind: Kind.REG_MV, record, hlcMs: 1, ...more });
}

/** What a session brings. */
export function pushOf(replica: string, ctrFrom: number, ops: Uint8Array[]): Item {
  const push = create(PushSchema, { stream: notes, replica, ctrFrom, ops });
  return { type: "push", session: "s1", push, terms: anyTerms };
}

type Answered<T extends LogAnswer["type"]> = Extract<LogAnswer, { type: T }>;
type Asked<T extends LogRequest["type"]> = Extract<LogRequest, { type: T }>;

/** A tenant's stream, as the core asks for it. */
export function asking(log: SyncLog, tenant: TenantId, nowMs: () => number, stream = notes) {
  const key = streamKey(tenant, stream);
  const ref = { session: "s1", key };
  const ask = async <T extends LogAnswer["type"]>(request: Asked<T>): Promise<Answered<T>> =>
    (await log.answer(request, nowMs())) as Answered<T>;
  return {
    key,
    commit: (items: Item[]) => ask({ type: "commit", key, items }),
    page: (after: number, opsMax = 100) =>
      ask({ type: "page", ref, after, bytesMax: 1_000_000, opsMax }),
    part: (after?: string, cellsMax = 100) => ask({ type: "part", ref, after, cellsMax }),
    look: (more: Partial<Asked<"look">> = {}) => {
      const none = { replica: "", vector: {}, parent: undefined, child: undefined };
      return ask({ type: "look", ref, tenant, stream, ...none, ...more });
    },
    lease: (peer: string, seq: number, epoch: string, forGood = false) =>
      ask({ type: "lease", key, peer, seq, epoch, forGood }),
  };
}
