import { create } from "@bufbuild/protobuf";
import type { Receipt, Report } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { Verdict, type Hold } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import {
  ReportTasksRequestSchema,
  type ReportTasksRequest,
} from "@foedus/gen/foedus/task/v1/work_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import { Duty, type Whole } from "./duty.ts";
import { thrownOf, toWord } from "./outcome.ts";
import type { WorkerState } from "./work.ts";

/** What one message carries at most. */
const reportsMax = 256;
const reportBytesMax = 524_288;

/** Does a task. */
export type Act = (duty: Duty) => unknown;

/**
 * What a worker holds, and what runs: somebody who was asked to stop and does not still takes a
 * place, though nothing is held any more.
 */
export class Roster {
  readonly #world: World;
  readonly #act: Act;
  readonly #concurrency: number;
  readonly #duties = new Map<string, Duty>();
  readonly #running = new Set<Duty>();
  #changed = Promise.withResolvers<void>();
  #completed = 0;
  #failed = 0;

  constructor(world: World, concurrency: number, act: Act) {
    this.#world = world;
    this.#concurrency = concurrency;
    this.#act = act;
  }

  /** Resolves with the next change. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  readonly ring = (): void => {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  };

  get held(): readonly Duty[] {
    return [...this.#duties.values()];
  }

  /** How many are at work. */
  get running(): number {
    return this.#running.size;
  }

  /** How many run of whom the hub no longer knows. */
  get strays(): number {
    return [...this.#running].filter((duty) => this.#duties.get(keyOf(duty.hold)) !== duty).length;
  }

  /** How many more it would take. */
  get room(): number {
    const kept = this.held.filter(({ isWordSaid }) => !isWordSaid).length;
    return Math.max(0, this.#concurrency - kept - this.strays);
  }

  /** Nothing is held, and nobody is at work. */
  get isEmpty(): boolean {
    return this.#duties.size === 0 && this.#running.size === 0;
  }

  counts(): Pick<WorkerState, "holds" | "completed" | "failed"> {
    const holds = this.held.map(({ hold, task }) => {
      return { taskId: hold.taskId, fence: hold.fence, kind: task.spec?.kind ?? "" };
    });
    return { holds, completed: this.#completed, failed: this.#failed };
  }

  /** Something to do. What there is no place for, or no wish, goes back; false for that. */
  take(whole: Whole, session: object, isWanted: boolean): boolean {
    const key = keyOf(whole.hold);
    if (this.#duties.has(key)) return true;
    const duty = new Duty(this.#world, whole, this.ring);
    this.#duties.set(key, duty);
    duty.cameOver(session);
    if (isWanted && this.#running.size < this.#concurrency) {
      void this.#run(duty);
      return true;
    }
    duty.finish({ case: "returned", value: true });
    return false;
  }

  /** What the hub says to a word. */
  receipted(receipt: Receipt): void {
    const duty = this.#find(receipt.hold);
    if (duty === undefined) return;
    const { word } = duty;
    if (!duty.receipted(receipt)) return this.ring();
    const isHeard = receipt.verdict === Verdict.TAKEN || receipt.verdict === Verdict.REPEATED;
    if (isHeard && word?.case === "result") this.#completed += 1;
    if (isHeard && word?.case === "failure") this.#failed += 1;
    this.#duties.delete(keyOf(duty.hold));
    duty.end();
    this.ring();
  }

  stop(hold: Hold | undefined, reason: string): void {
    this.#find(hold)?.stop("canceled", reason);
  }

  /** All that is to be said in a session now; undefined for nothing. */
  speak(session: object, withProgress: boolean): ReportTasksRequest | undefined {
    const reports: Report[] = [];
    let bytes = 0;
    for (const duty of this.#duties.values()) {
      const ownMax = bytesAtMost(duty);
      const isFull = reports.length >= reportsMax || bytes + ownMax > reportBytesMax;
      if (isFull && reports.length > 0) break;
      const report = duty.speak(session, withProgress);
      if (report === undefined) continue;
      reports.push(report);
      bytes += ownMax;
    }
    return reports.length === 0 ? undefined : create(ReportTasksRequestSchema, { reports });
  }

  /** Nobody hears of any of them any more. */
  end(): void {
    for (const duty of this.#duties.values()) duty.end();
    this.#duties.clear();
    this.ring();
  }

  async #run(duty: Duty): Promise<void> {
    this.#running.add(duty);
    try {
      duty.finish(toWord(await this.#act(duty)));
    } catch (thrown) {
      duty.finish(thrownOf(thrown, duty.stopped));
    } finally {
      this.#running.delete(duty);
      this.ring();
    }
  }

  #find(hold: Hold | undefined): Duty | undefined {
    return hold && this.#duties.get(keyOf(hold));
  }
}

/** A hold and numbers, or progress as well; a letter has up to three bytes. */
const plainBytes = 512;
const progressBytes = 2_048;
const letterBytes = 3;

/** What its next word takes, counted before it is said: what is said is on its way. */
function bytesAtMost({ word, hasProgress }: Duty): number {
  if (word?.case === "result") {
    return plainBytes + word.value.body.length + letterBytes * word.value.contentType.length;
  }
  if (word?.case === "failure") {
    const { reason, message } = word.value;
    return plainBytes + letterBytes * (reason.length + message.length);
  }
  return hasProgress ? progressBytes : plainBytes;
}

function keyOf({ taskId, fence }: Hold): string {
  return `${taskId}/${fence}`;
}
