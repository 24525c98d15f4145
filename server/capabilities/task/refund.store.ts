import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ProgressSchema, TaskState } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { unspentOf } from "@foedus/kernel/task/child.ts";
import { spentMax } from "@foedus/kernel/task/limits.ts";
import { sql } from "kysely";
import { fromBody } from "../../runtime/storage/body.ts";
import type { Stored } from "./row.store.ts";
import type { TaskTx } from "./save.store.ts";

const working = sql.raw(String(TaskState.WORKING));

/** What a parent spends less, or more if it is below nothing. */
interface Share {
  readonly tenant: string;
  readonly parentId: string;
  readonly amount: number;
}

interface LiveRow {
  readonly id: string;
  readonly left: number;
  /** What its attempt under way has cost so far is in there; null if it has none. */
  readonly progress: Buffer | null;
}

/** Gives what children that ended did not spend back to those they got it from. */
export async function refund(tx: TaskTx, ended: readonly Stored[]): Promise<void> {
  await settle(
    tx,
    ended.flatMap((stored) => shareOf(stored, 1)),
  );
}

/**
 * Takes what a child that is tried again may spend off those it got it from once more.
 *
 * @throws Fault TASK_BUDGET_EXCEEDED when one that lives has not so much left.
 */
export async function chargeAgain(tx: TaskTx, stored: Stored): Promise<void> {
  const lives = (await settle(tx, shareOf(stored, -1))).map(({ id, left, progress }) => {
    const soFar = progress === null ? 0 : Number(fromBody(ProgressSchema, progress).spent);
    return { id, left: left - soFar };
  });
  const [short] = lives.filter(({ left }) => left < 0);
  if (short === undefined) return;
  const asked = unspentOf(stored.spec, stored.live.standing.spent);
  const unit = stored.spec.budget?.unit ?? "";
  const detail = `its child ${stored.live.id} asks for ${asked}`;
  const facts = { task: short.id, left: Math.max(0, short.left + asked), unit, detail };
  throw new Fault(Reason.TASK_BUDGET_EXCEEDED, facts);
}

function shareOf({ tenant, spec, live }: Stored, sign: 1 | -1): Share[] {
  const amount = sign * unspentOf(spec, live.standing.spent);
  return spec.parentId === "" || amount === 0 ? [] : [{ tenant, parentId: spec.parentId, amount }];
}

/**
 * A parent that lives holds what its child did not spend; one that ended has settled with its own
 * parent, with whom it is settled again. Returns those that live.
 */
async function settle(tx: TaskTx, shares: readonly Share[]): Promise<LiveRow[]> {
  const lives: LiveRow[] = [];
  for (let open = summed(shares); open.length > 0;) {
    const { rows: live } = await sql<LiveRow>`/*task.refund*/ update task t
      set spent = ${bounded("t.spent - u.amount")}, revision = t.revision + 1 from ${sharesOf(open)}
      where t.tenant_id = u.tenant_id and t.id = u.id and t.budget_limit is not null
      returning t.id, (t.budget_limit - t.spent)::float8 as left,
        case when t.state = ${working} then t.progress end as progress`.execute(tx.sql);
    lives.push(...live);
    const { rows: over } = await sql<Share>`/*task.refund_ended*/ update task_done_log d
      set spent = ${bounded("d.spent - u.amount")} from ${sharesOf(open)}
      where d.tenant_id = u.tenant_id and d.id = u.id and d.budget_limit is not null
      returning d.tenant_id as tenant, coalesce(d.parent_id, '') as "parentId",
        u.amount::float8 as amount`.execute(tx.sql);
    open = summed(over.filter(({ parentId }) => parentId !== ""));
  }
  return lives;
}

function summed(shares: readonly Share[]): Share[] {
  const byParent = Map.groupBy(shares, ({ tenant, parentId }) => `${tenant}/${parentId}`);
  const sums = [...byParent.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    return [{ ...first, amount: sumOf([first, ...rest]) }];
  });
  return sums.toSorted((one, other) => (one.parentId < other.parentId ? -1 : 1));
}

/** Sums that no column holds are of no use to anybody. */
function sumOf(shares: readonly Share[]): number {
  const sum = shares.reduce((all, { amount }) => all + amount, 0);
  return Math.max(-spentMax, Math.min(sum, spentMax));
}

/** What a parent has spent stays within what can be counted. */
function bounded(spent: string) {
  return sql.raw(`greatest(-${spentMax}::bigint, least(${spent}, ${spentMax}::bigint))`);
}

function sharesOf(shares: readonly Share[]) {
  return sql`unnest(${shares.map(({ tenant }) => tenant)}::text[],
    ${shares.map(({ parentId }) => parentId)}::text[],
    ${shares.map(({ amount }) => amount)}::bigint[]) as u (tenant_id, id, amount)`;
}
