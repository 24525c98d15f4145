import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { toBinary } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { sameBytes } from "@foedus/kernel/bytes.ts";
import type { Fact } from "@foedus/kernel/change.ts";
import { factType } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { sql } from "kysely";
import type { Write } from "../write.ts";
import { appendAudit } from "./audit.ts";
import { fromBody } from "./body.ts";
import { tell } from "./outbox.ts";
import type { Storage, TenantTx } from "./storage.ts";

/** What was decided: the answer to keep, what it tells, and the id of what it is about. */
export interface Decision<Answer> {
  readonly answer: Answer;
  readonly facts: readonly Fact[];
  readonly object: string;
}

/** How long an answer is kept for a caller that asks again. */
const answerMs = 24 * 3_600_000;

/**
 * Carries out a decision once: the same request_id of the same caller gets the stored answer.
 * Effect, facts, audit leaf and answer commit together.
 *
 * @throws Fault REQUEST_ID_REUSED when the request differs; ALREADY_ISSUED when the answer was
 * secret.
 */
export async function decide<Schema extends DescMessage>(
  storage: Storage,
  write: Write,
  schema: Schema,
  work: (tx: TenantTx) => Promise<Decision<MessageShape<Schema>>>,
): Promise<MessageShape<Schema>> {
  return await storage.tenant(write.caller.tenant, async (tx) => {
    const earlier = await claimAnswer(tx, write);
    if (earlier !== undefined) return replay(earlier, write, schema);
    const { answer, facts, object } = await work(tx);
    const body = write.answersSecret ? null : Buffer.from(toBinary(schema, answer));
    await sql`update answer set object = ${object}, body = ${body} ${ofWrite(tx, write)}`.execute(
      tx.sql,
    );
    const leaf = { ...write, caller: write.caller.id, object, outcome: "OK" };
    await appendAudit(tx, [{ ...leaf, facts: facts.map((fact) => factType(fact.schema)) }]);
    await tell(tx, facts);
    return answer;
  });
}

/**
 * The answer this very request got before; undefined when it was not carried out. For whoever has
 * to ask others first, who may have changed their minds since.
 */
export async function findAnswer<Schema extends DescMessage>(
  storage: Storage,
  write: Write,
  schema: Schema,
): Promise<MessageShape<Schema> | undefined> {
  return await storage.tenant(write.caller.tenant, async (tx) => {
    const found = await readAnswer(tx, write);
    return found && replay(found, write, schema);
  });
}

interface AnswerRow {
  request_hash: Buffer;
  object: string;
  body: Buffer | null;
}

/**
 * Inserts an empty answer, which locks out the same request until we commit; or finds the old one.
 */
async function claimAnswer(tx: TenantTx, write: Write): Promise<AnswerRow | undefined> {
  const { caller, method, requestId, requestHash } = write;
  const result = await sql`
    insert into answer (tenant_id, caller, method, request_id, request_hash, object, expire_ms)
    values (${tx.tenant}, ${caller.id}, ${method}, ${requestId}, ${Buffer.from(requestHash)}, '',
            ${tx.nowMs + answerMs})
    on conflict do nothing returning 1 as one`.execute(tx.sql);
  if (result.rows.length > 0) return undefined;
  return await readAnswer(tx, write);
}

async function readAnswer(tx: TenantTx, write: Write): Promise<AnswerRow | undefined> {
  const found = await sql<AnswerRow>`
    select request_hash, object, body from answer ${ofWrite(tx, write)}`.execute(tx.sql);
  return found.rows[0];
}

function ofWrite(tx: TenantTx, write: Write) {
  return sql`where tenant_id = ${tx.tenant} and caller = ${write.caller.id}
    and method = ${write.method} and request_id = ${write.requestId}`;
}

function replay<Schema extends DescMessage>(
  row: AnswerRow,
  write: Write,
  schema: Schema,
): MessageShape<Schema> {
  const facts = { request_id: write.requestId, id: row.object };
  if (!sameBytes(row.request_hash, write.requestHash)) {
    throw new Fault(Reason.REQUEST_ID_REUSED, facts);
  }
  if (row.body === null) throw new Fault(Reason.ALREADY_ISSUED, facts);
  return fromBody(schema, row.body);
}

/** Forgets answers that nobody may ask for again; returns how many. */
export async function forgetAnswers(storage: Storage): Promise<number> {
  const result = await sql`delete from answer where expire_ms <= ${storage.nowMs()}`.execute(
    storage.sweeper,
  );
  return Number(result.numAffectedRows ?? 0n);
}
