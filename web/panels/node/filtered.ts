import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { useEffect, useMemo, useState } from "react";
import { every } from "../../parts/clock.ts";
import { hubNow } from "../../parts/hub-clock.ts";
import { type Filtered, filterNodes, type NodeFilter } from "./filter.ts";
import { isTimed, parseQuery } from "./query.ts";

const tickMs = 1_000;

/** The nodes that are wanted now; looked at again each second where the question is about time. */
export function useFiltered(all: readonly Node[], filter: NodeFilter): Filtered {
  const timed = useMemo(() => isTimed(parseQuery(filter.words)), [filter.words]);
  const [tick, setTick] = useState(0);
  useEffect(() => (timed ? every(tickMs, () => setTick(hubNow())) : undefined), [timed]);
  // The tick only says that it is time to look again.
  return useMemo(() => filterNodes(all, filter, Math.max(tick, hubNow())), [all, filter, tick]);
}
