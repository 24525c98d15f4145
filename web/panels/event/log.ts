import type { SubscribeResponse } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { type Fact, factOf } from "../../parts/fact.ts";

/** One row of the log: an event, or a stretch that is missing. */
export type Row =
  | { readonly case: "fact"; readonly cursor: bigint; readonly fact: Fact }
  | {
      readonly case: "gap";
      readonly cursor: bigint;
      readonly from: bigint;
      readonly reason: string;
    };

/** The newest part of the log. */
export interface Log {
  /** Oldest first, at most rowsMax. */
  readonly rows: readonly Row[];
  /** Rows taken since the page opened; tells how many came during a pause. */
  readonly taken: number;
  /** Rows that were dropped to keep within the limit. */
  readonly dropped: number;
  readonly cursor: bigint | undefined;
  /** Whether everything that was kept when the stream opened is here. */
  readonly caughtUp: boolean;
}

/** More than anybody reads, and little enough to stay quick. */
export const rowsMax = 10_000;

/** Nothing heard yet; the replay begins after the cursor. */
export function emptyLog(afterCursor: bigint | undefined): Log {
  return { rows: [], taken: 0, dropped: 0, cursor: afterCursor, caughtUp: false };
}

/** Takes one item of the stream. */
export function logWith(log: Log, { item }: SubscribeResponse): Log {
  switch (item.case) {
    case "delivery": {
      const rows = item.value.events.flatMap((stored): Row[] => {
        const fact = factOf(stored);
        return fact === undefined ? [] : [{ case: "fact", cursor: fact.cursor, fact }];
      });
      return withRows({ ...log, cursor: item.value.cursor }, rows);
    }
    case "gap": {
      const { fromCursor: from, toCursor: cursor, reason } = item.value;
      const gap: Row = { case: "gap", cursor, from, reason };
      // The hub came back with an older log: what stood beyond its end is not in it.
      if (cursor <= (log.rows.at(-1)?.cursor ?? -1n)) return rewound(log, gap, from - 1n);
      return withRows({ ...log, cursor }, [gap]);
    }
    case "head":
      return { ...log, cursor: item.value.cursor, caughtUp: true };
    default:
      return log;
  }
}

function rewound(log: Log, gap: Row, end: bigint): Log {
  const kept = log.rows.filter((row) => row.cursor <= end);
  return { ...log, rows: [...kept, { ...gap, cursor: end }], taken: log.taken + 1, cursor: end };
}

function withRows(log: Log, added: readonly Row[]): Log {
  if (added.length === 0) return log;
  const newest = log.rows.at(-1)?.cursor ?? -1n;
  const fresh = added.filter((row) => row.cursor > newest);
  const rows = [...log.rows, ...fresh];
  const over = Math.max(0, rows.length - rowsMax);
  return {
    ...log,
    rows: over > 0 ? rows.slice(over) : rows,
    taken: log.taken + fresh.length,
    dropped: log.dropped + over,
  };
}
