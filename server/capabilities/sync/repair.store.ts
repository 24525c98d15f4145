import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  RepairStreamResponseSchema,
  type RepairStreamResponse,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { StreamRepairedSchema } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import { sql } from "kysely";
import { decide } from "../../runtime/storage/decide.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import type { Write } from "../../runtime/write.ts";
import { isSound, mend, recount } from "./digest.store.ts";
import type { Head } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { findStream } from "./status.store.ts";

/**
 * Counts a stream anew; where that is not what was kept, sets it right and gives the log another
 * life, so that every replica begins with a snapshot: it may have been told that it differs.
 */
export async function repair(
  storage: Storage,
  write: Write,
  at: StreamAt,
): Promise<RepairStreamResponse> {
  return await decide(storage, write, RepairStreamResponseSchema, async (tx) => {
    const { stream } = at;
    const object = streamText(stream);
    const counted = await recount(tx, at);
    if (counted === undefined) throw unknownStream(at);
    const changed = !isSound(counted);
    if (changed) {
      await mend(tx, counted);
      await beginAgain(tx, counted.head);
    }
    const status = await findStream(tx, at);
    const { epoch = "" } = status ?? {};
    const told = fact(StreamRepairedSchema, object, { stream, epoch, changed });
    const answer = create(RepairStreamResponseSchema, { changed, ...(status && { status }) });
    return { answer, facts: changed ? [told] : [], object };
  });
}

/** Nobody wrote to the stream yet. */
export function unknownStream({ stream }: StreamAt): Fault {
  return new Fault(Reason.NOT_FOUND, { object: `stream ${streamText(stream)}` });
}

const radix = 36;

/** Places stay where they are; whoever stands at one of the life before begins anew. */
async function beginAgain(tx: TenantTx, { id, hub, rebuilt }: Head): Promise<void> {
  const epoch = `${hub}.${rebuilt + 1}.${Math.floor(tx.nowMs).toString(radix)}`;
  await sql`update sync_stream set epoch = ${epoch}, rebuilt = ${rebuilt + 1},
      written_ms = ${Math.floor(tx.nowMs)}
    where tenant_id = ${tx.tenant} and stream_id = ${id}`.execute(tx.sql);
}
