import type { Limits } from "@foedus/kernel/sync/limits.ts";
import type { LogRequest } from "@foedus/kernel/sync/log.ts";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { lockKnown } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { keepLease } from "./look.store.ts";

type Asked = Extract<LogRequest, { type: "lease" }>;

/**
 * Notes how far a hub has a log. One that speaks of another life of it, or comes so late that
 * places it lacks are gone, changes nothing: another may hold more. A log that nobody wrote to
 * holds nothing back.
 */
export async function renew(
  tx: TenantTx,
  at: StreamAt,
  { peer, seq, epoch, forGood }: Asked,
  nowMs: number,
  limits: Limits,
): Promise<void> {
  const head = await lockKnown(tx, at);
  if (epoch !== head?.epoch || seq < head.horizon) return;
  const untilMs = forGood ? undefined : nowMs + limits.leaseMs;
  await keepLease(tx, head, { peer, seq, untilMs }, nowMs);
}
