import { Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Hold } from "@foedus/kernel/sync/hold.ts";
import { opOf, placeOf } from "@foedus/kernel/sync/op.ts";
import type { Codec } from "./codec.ts";
import type { Refused } from "./collection.ts";
import type { Replica } from "./replica.ts";
import type { Shelf } from "./shelf.ts";

/** Writes that a hub refused, and nobody has taken back. */
export function refusedOf<Value>({ quarantine }: Hold, codec: Codec<Value>): Refused<Value>[] {
  const shown = [...quarantine.values()].filter(({ taken }) => taken !== true);
  return shown.map(({ replica, ctr, refusal, bytes }) => {
    const dot = dotOf(replica, ctr);
    const { kind, amount, body, ...op } = opOf(bytes);
    const isAmount = kind === Kind.COUNTER || kind === Kind.MAXREG;
    const value = isAmount ? undefined : readable(body, codec);
    return {
      id: dotKey(dot),
      refusal,
      ...placeOf(dot, { ...op, kind, amount, body }),
      value,
      amount,
    };
  });
}

/** It stays in the outbox, where its number holds a place; it is only shown no more. */
export async function takenBack(replica: Replica, { key, hold }: Shelf, id: string): Promise<void> {
  const refused = hold.quarantine.get(id);
  if (refused === undefined || refused.taken === true) return;
  replica.patch({ key, quarantined: [{ ...refused, taken: true }] });
  await replica.saved();
}

function readable<Value>(body: Uint8Array, codec: Codec<Value>): Value | undefined {
  try {
    return codec.decode(body);
  } catch {
    return undefined;
  }
}
