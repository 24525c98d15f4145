import type { Progress, Task } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { ProgressSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { create } from "@bufbuild/protobuf";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Said } from "@foedus/kernel/task/hold.ts";
import {
  calledOff,
  failureOf,
  isFromAbove,
  noWorker,
  specAbove,
} from "@foedus/kernel/task/relay.ts";
import { tenantProved, type TenantId } from "@foedus/kernel/tenant.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import type { Listener } from "./news.flow.ts";
import { report, type WorkKit } from "./report.flow.ts";
import type { TaskReceipt } from "./report.store.ts";
import { Rests } from "./relay.up.rest.flow.ts";
import type { Stored } from "./row.store.ts";
import {
  allHanded,
  forgetHanded,
  noteHanded,
  noteLost,
  noteUpper,
  type Handed,
  type HandedKey,
} from "./relay.up.store.ts";

/** What handing up takes. */
export interface UpKit extends WorkKit {
  readonly hub: Hub;
}

/** How often it is looked whose hold is to be renewed. */
const lookMs = 250;
const beatsInLease = 3;
const beatMsMax = 10_000;
const reportsMax = 256;

/** A task that the parent does, as this process remembers it. */
export type Open = { -readonly [Name in keyof Handed]: Handed[Name] } & {
  /** When its hold here was renewed last, by the monotonic clock. */
  beatMs: number;
  told: string;
  /** Nobody knows what became of a try to submit it. */
  isTried: boolean;
  /** So often nobody knew; why, as the parent put it; and not before it is submitted again. */
  tries: number;
  why: string;
  askMs: number;
  /** Not before, by the monotonic clock, the parent is asked again to call it off. */
  offMs: number;
};

/** What this process holds for the parent's workers: renewed here as long as the parent has it. */
export class Handing implements Listener {
  readonly tenant: TenantId;
  /** Which queues stay at home, and why. */
  readonly rests = new Rests();
  readonly #kit: UpKit;
  readonly #open = new Map<string, Open>();
  #tell: () => void = () => undefined;

  constructor(kit: UpKit) {
    this.#kit = kit;
    this.tenant = tenantProved(kit.hub.config().tenant);
  }

  all(): Open[] {
    return [...this.#open.values()];
  }

  /** What the parent has and somebody here waits for, by its id there. */
  followed(): Map<string, Open> {
    const open = this.all().filter(({ lost }) => !lost);
    return new Map(open.flatMap((one) => (one.upperId === undefined ? [] : [[one.upperId, one]])));
  }

  /** Calls back when something is to be told to the parent. */
  listen(tell: () => void): void {
    this.#tell = tell;
  }

  /** What the process before has handed up goes on: its holds are renewed before they lapse. */
  async resume(): Promise<void> {
    const { storage, identity } = this.#kit.hub;
    for (const handed of await allHanded(storage, this.tenant, identity.hubId)) {
      this.#add(handed, handed.upperId === undefined);
    }
    await this.beat();
  }

  /** These were claimed for the parent. */
  async take(tasks: readonly Stored[]): Promise<void> {
    const { storage, identity } = this.#kit.hub;
    const handed: Handed[] = [];
    for (const stored of tasks) {
      const made = this.#handedOf(stored);
      if ("spec" in made) handed.push(made);
      else await this.#say(made.key, made.word);
    }
    await noteHanded(storage, this.tenant, identity.hubId, handed);
    for (const one of handed) this.#add(one, false);
  }

  /** A task as it is handed up, or the word about one that is not. */
  #handedOf({ live, spec, queue, line }: Stored): Handed | Word {
    const { storage, identity } = this.#kit.hub;
    const key = { id: live.id, fence: live.standing.attempt?.fence ?? 0 };
    if (isFromAbove(live.terms)) {
      return { key, word: { case: "failure", failure: noWorker() } };
    }
    try {
      const upper = specAbove(live, spec, identity.hubId, storage.nowMs());
      const { heartbeatMs } = live.terms;
      return { ...key, queue, line, heartbeatMs, upperId: undefined, lost: false, spec: upper };
    } catch (error) {
      const failure = error instanceof Fault ? failureOf(error) : undefined;
      if (failure === undefined) throw error;
      return { key, word: { case: "failure", failure } };
    }
  }

  #add(handed: Handed, isTried: boolean): void {
    const key = keyOf(handed);
    if (this.#open.has(key)) return;
    const never = { beatMs: -Infinity, offMs: -Infinity, askMs: -Infinity, tries: 0, why: "" };
    this.#open.set(key, { ...handed, ...never, told: "", isTried });
  }

  /** The parent has it. */
  async submitted(open: Open, upperId: string): Promise<void> {
    await noteUpper(this.#kit.hub.storage, this.tenant, open, upperId);
    [open.upperId, open.spec] = [upperId, undefined];
  }

  /** How far the parent's worker has come. */
  async progress(open: Open, { spec, attempt }: Task): Promise<void> {
    const { progress } = attempt ?? {};
    const spent = (spec?.budget?.spent ?? 0n) + (progress?.spent ?? 0n);
    const now = JSON.stringify([progress?.fraction, progress?.message, Number(spent)]);
    if (progress === undefined || now === open.told) return;
    open.told = now;
    await this.#renew([{ open, progress: create(ProgressSchema, { ...progress, spent }) }]);
  }

  /** It is over at the parent. */
  async end(open: Open, word: Said["word"], spent = 0): Promise<void> {
    await this.#say(open, word, spent);
    await this.forget(open);
  }

  async forget(open: Open): Promise<void> {
    await forgetHanded(this.#kit.hub.storage, this.tenant, open);
    this.#open.delete(keyOf(open));
  }

  /** Somebody here called it off. */
  stop(key: string, reason: string): void {
    for (const open of this.#open.values()) {
      if (`${this.tenant}/${open.id}` !== key || open.lost) continue;
      this.#off(open, reason).catch((error: unknown) => {
        this.#kit.hub.log.warn("a task could not be taken back", { task: open.id, error });
      });
    }
  }

  /** Ends here at once, and at the parent as soon as it hears. */
  async #off(open: Open, reason: string): Promise<void> {
    await this.#say(open, { case: "failure", failure: calledOff(reason) });
    await this.#lose(open);
  }

  async #lose(open: Open): Promise<void> {
    await noteLost(this.#kit.hub.storage, this.tenant, open);
    open.lost = true;
    this.#tell();
  }

  loop(): Loop {
    const { timers } = this.#kit.hub.world;
    return {
      name: "task.hand_up_beats",
      run: async (signal) => {
        while (!signal.aborted) {
          await timers.sleep(lookMs, signal);
          if (!signal.aborted) await this.beat();
        }
      },
    };
  }

  /** Renews the holds whose time it is. */
  async beat(): Promise<void> {
    const nowMs = this.#kit.hub.world.clock.monotonic();
    const due = this.all().filter(({ lost, beatMs, heartbeatMs }) => {
      return !lost && nowMs - beatMs >= Math.min(beatMsMax, heartbeatMs / beatsInLease);
    });
    for (let at = 0; at < due.length; at += reportsMax) {
      const some = due.slice(at, at + reportsMax);
      await this.#renew(some.map((open) => ({ open, progress: undefined })));
    }
  }

  async #renew(all: readonly Beat[]): Promise<void> {
    const nowMs = this.#kit.hub.world.clock.monotonic();
    const reports = all.map(({ open, progress }) => {
      const spent = Number(progress?.spent ?? 0n);
      return this.#reportOf(open, { case: "beat", progress }, spent);
    });
    const receipts = await report(this.#kit, reports);
    for (const [at, { open }] of all.entries()) {
      const receipt = receipts[at];
      if (receipt === undefined) continue;
      open.beatMs = nowMs;
      if (receipt.verdict !== Verdict.TAKEN) await this.#lose(open);
      else if (receipt.stop !== undefined) await this.#off(open, receipt.stop);
    }
  }

  async #say(key: HandedKey, word: Said["word"], spent = 0): Promise<TaskReceipt | undefined> {
    return (await report(this.#kit, [this.#reportOf(key, word, spent)]))[0];
  }

  #reportOf({ id, fence }: HandedKey, word: Said["word"], spent: number) {
    const { hubId } = this.#kit.hub.identity;
    return { tenant: this.tenant, id, fence, nodeId: hubId, spent, word };
  }
}

interface Word {
  readonly key: HandedKey;
  readonly word: Said["word"];
}

interface Beat {
  readonly open: Open;
  readonly progress: Progress | undefined;
}

function keyOf({ id, fence }: HandedKey): string {
  return `${id}/${fence}`;
}
