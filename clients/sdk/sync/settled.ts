import { dotKey, dotOf } from "@foedus/kernel/sync/dot.ts";
import type { Hold } from "@foedus/kernel/sync/hold.ts";

/** Whether hubs have answered for all that a replica wrote, up to one of its ops. */
export function isSettled(
  { ackedCtr, settledCtr, quarantine }: Hold,
  replica: string,
  ctr: number,
  level: "hub" | "parent",
): boolean {
  let at = level === "hub" ? ackedCtr : settledCtr;
  while (at < ctr && quarantine.has(dotKey(dotOf(replica, at + 1)))) at += 1;
  return at >= ctr;
}
