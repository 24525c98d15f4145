import type { LogName, NewEntry } from "../../runtime/storage/log.ts";
import { appendLog } from "../../runtime/storage/log.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { saveLatest } from "./latest.store.ts";
import type { NewEvent } from "./stored.ts";

/** The log of events. */
export const eventLog: LogName = "event";

/** Appends events, and notes what is the newest of its kind; returns the cursor of the first. */
export async function appendEvents(tx: TenantTx, events: readonly NewEvent[]): Promise<bigint> {
  const entries = events.map(({ signed, body }): NewEntry => {
    const { type, source, subject } = signed.event;
    return { kind: type, source, subject, body };
  });
  const first = await appendLog(tx, eventLog, entries);
  // After the append, since it wants the cursors: the head row, which we hold, keeps order here
  // too.
  await saveLatest(
    tx,
    events.map((event, at) => ({ ...event, seq: first + BigInt(at) })),
  );
  return first;
}
