import type { Clerk } from "@foedus/kernel/sync/admit.ts";
import type { Item, Result } from "@foedus/kernel/sync/log.ts";
import type { Entry } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { TenantTx } from "../../runtime/storage/storage.ts";
import { adopt } from "./adopt.store.ts";
import { carry, piecesOf } from "./carry.store.ts";
import { lockKnown, makeHead, type Head } from "./head.store.ts";
import type { StreamAt } from "./key.ts";
import { holdForParent } from "./look.store.ts";
import { lockAndLoad, type Loaded } from "./rows.store.ts";
import { wantedBy, type Plain } from "./wanted.ts";
import { LogWentBack } from "./went-back.ts";

/** What one transaction did. */
export interface Committed {
  readonly results: readonly Result[];
  /** How the log stood before. */
  readonly before: Head;
  readonly after: Head;
  readonly appended: readonly Entry[];
}

/** How far this process knows a log: what it has committed itself. */
export interface Known {
  readonly epoch: string;
  readonly head: number;
}

/** Who commits, and the parent that has to be told. */
export interface Committer extends Clerk {
  readonly parent?: string | undefined;
}

/**
 * Carries out items of one stream in their order. The head stays locked until the commit; rows are
 * read and written together, so a commit of hundreds of ops is as many statements as one of a
 * single.
 */
export async function commitItems(
  tx: TenantTx,
  at: StreamAt,
  clerk: Committer,
  items: readonly Item[],
  known?: Known,
): Promise<Committed> {
  const parts = partsOf(items);
  const opened = await open(tx, at, clerk, parts[0], known);
  const before = opened.head;
  const { parent, nowMs, limits } = clerk;
  // What the parent lacks is not forgotten, whether it was ever there or not.
  const isFirst = before.head === 0;
  if (isFirst && parent !== undefined) await holdForParent(tx, before, parent, nowMs, limits);
  let { loaded } = opened;
  const results: Result[] = [];
  const appended: Entry[] = [];
  let after = before;
  for (const part of parts) {
    // The row says who stamps: another process may have taken a new incarnation meanwhile.
    const stamping = { ...clerk, hub: after.hub };
    if (part.type === "adopt") {
      after = await adopt(tx, after, stamping, part.staging);
      results.push({ type: "adopt", session: part.session });
    } else {
      const carried = await carry(tx, after, stamping, piecesOf(part.items), loaded);
      after = carried.after;
      results.push(...carried.results);
      appended.push(...carried.appended);
    }
    loaded = undefined;
  }
  return { results, before, after, appended };
}

/**
 * Locks the head, made if need be, and loads the first rows with it if they are sure to be as they
 * are then.
 */
async function open(
  tx: TenantTx,
  at: StreamAt,
  clerk: Committer,
  first: Part | undefined,
  known: Known | undefined,
): Promise<{ readonly head: Head; readonly loaded: Loaded | undefined }> {
  if (first?.type !== "plain" || known === undefined) {
    const head = (await lockKnown(tx, at)) ?? (await makeHead(tx, at, clerk.hub));
    return { head, loaded: undefined };
  }
  const opened = await lockAndLoad(tx, at, wantedBy(piecesOf(first.items)[0] ?? []));
  if (opened === undefined) return { head: await makeHead(tx, at, clerk.hub), loaded: undefined };
  const { head, loaded } = opened;
  if (head.epoch === known.epoch && head.head < known.head) throw new LogWentBack();
  const isSame = head.epoch === known.epoch && head.head === known.head;
  return { head, loaded: isSame ? loaded : undefined };
}

type Part =
  | { readonly type: "plain"; readonly items: Plain[] }
  | Extract<Item, { readonly type: "adopt" }>;

/** What is adopted replaces everything, so what comes before it and after it goes by itself. */
function partsOf(items: readonly Item[]): Part[] {
  const parts: Part[] = [];
  for (const item of items) {
    const last = parts.at(-1);
    if (item.type === "adopt") parts.push(item);
    else if (last?.type === "plain") last.items.push(item);
    else parts.push({ type: "plain", items: [item] });
  }
  return parts;
}
