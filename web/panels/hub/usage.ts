import type { LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { bytesText, countText } from "../../parts/measure.ts";

/** The part of a limit that is used, 0 to 1; undefined where there is no limit. */
export function partOf({ used, max }: LimitUsage): number | undefined {
  return max <= 0n ? undefined : Math.min(1, Number(used) / Number(max));
}

/** What is used and of how much, in the unit that the limit's name ends in. */
export function usageText({ name, used, max }: LimitUsage): string {
  const unit = name.endsWith("_bytes") ? bytesText : countText;
  return max <= 0n ? unit(used) : `${unit(used)} of ${unit(max)}`;
}

/** One limit: whoever is nearest to it, and how many others are measured by it. */
export interface LimitGroup {
  readonly tightest: LimitUsage;
  readonly others: number;
}

/** One group for each limit, in the order in which they were told. */
export function groupsOf(limits: readonly LimitUsage[]): readonly LimitGroup[] {
  const groups = new Map<string, LimitGroup>();
  for (const usage of limits) {
    const group = groups.get(usage.name);
    const others = group === undefined ? 0 : group.others + 1;
    const before = group?.tightest;
    const tighter = before === undefined || (partOf(usage) ?? 0) > (partOf(before) ?? 0);
    groups.set(usage.name, { tightest: tighter ? usage : before, others });
  }
  return [...groups.values()];
}
