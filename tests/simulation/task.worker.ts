import { create } from "@bufbuild/protobuf";
import { FailureSchema, PayloadSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Verdict } from "@foedus/gen/foedus/task/v1/task_work_pb.js";
import type { Said } from "@foedus/kernel/task/hold.ts";
import { heartbeatMs, type Given } from "./task.tables.ts";
import type { Ground, TaskHub } from "./task.hub.ts";

/** Three signs within a lease: two may be lost. */
const beatMs = heartbeatMs / 3;
const pollMs = 150;
const patienceMs = 600;
const concurrency = 3;
const failure = create(FailureSchema, { reason: "BUSY" });
const hopeless = create(FailureSchema, { reason: "HOPELESS" });
const result = create(PayloadSchema, { body: new Uint8Array([1]) });
const returned: Said["word"] = { case: "returned" };
const words: readonly Said["word"][] = [
  { case: "result", result },
  { case: "failure", failure },
  { case: "failure", failure: hopeless },
  returned,
];

/** One task of so many is wanted by nobody: all give it back, until its fence is this. */
const stickyOneOf = 16;
const stickyFence = 12;

interface Job extends Given {
  word: Said["word"] | undefined;
}

/** A worker with a clock of its own, which may stall, die and come back. */
export class TaskWorker {
  readonly name: string;
  /** How much its clock is ahead. */
  skewMs = 0;
  readonly #ground: Ground;
  readonly #hubs: readonly TaskHub[];
  #jobs = new Map<string, Job>();
  #life = 0;
  #stalledUntilMs = 0;
  #claimId = "";
  #claims = 0;
  /** Once nothing goes wrong it does not fail either. */
  isCalm = false;

  constructor(name: string, ground: Ground, hubs: readonly TaskHub[]) {
    this.name = name;
    this.#ground = ground;
    this.#hubs = hubs;
    this.#start();
  }

  crash(downMs: number): void {
    this.#life += 1;
    this.#jobs.clear();
    this.#claimId = "";
    this.#ground.agenda.after(downMs, () => this.#start());
  }

  /** Does nothing for a while, and then goes on as if nothing had been. */
  stall(ms: number): void {
    this.#stalledUntilMs = this.#ground.agenda.nowMs + ms;
  }

  #start(): void {
    const life = this.#life;
    this.#every(life, pollMs, () => this.#claim());
    this.#every(life, beatMs, () => {
      for (const job of this.#jobs.values()) {
        if (job.word === undefined) this.#say(job, { case: "beat", progress: undefined });
      }
    });
    this.#every(life, patienceMs, () => {
      for (const job of this.#jobs.values()) if (job.word !== undefined) this.#say(job, job.word);
    });
  }

  #every(life: number, ms: number, act: () => void): void {
    const { agenda, chance } = this.#ground;
    const again = () => {
      if (life !== this.#life) return;
      const stall = this.#stalledUntilMs - agenda.nowMs;
      if (stall > 0) return agenda.after(stall, again);
      act();
      agenda.after(ms, again);
    };
    agenda.after(chance.below(ms), again);
  }

  #claim(): void {
    const { net, chance, agenda } = this.#ground;
    const room = concurrency - this.#jobs.size;
    if (room <= 0) return;
    // An answer that was lost is asked for again, by the same id.
    if (this.#claimId === "") {
      this.#claimId = `${this.name}/${this.#life}/${(this.#claims += 1)}`;
      const claimId = this.#claimId;
      agenda.after(patienceMs * 4, () => {
        if (this.#claimId === claimId) this.#claimId = "";
      });
    }
    const claimId = this.#claimId;
    const hub = chance.pick(this.#hubs);
    const holder = { nodeId: this.name, worker: this.name, claimId };
    net.send(this.name, hub.name, () => {
      hub.claim(holder, room, this.#clock(), (given) => {
        net.send(hub.name, this.name, () => this.#given(claimId, given));
      });
    });
  }

  #given(claimId: string, given: readonly Given[]): void {
    if (claimId !== this.#claimId || given.length === 0) return;
    this.#claimId = "";
    for (const { id, fence } of given) {
      const job: Job = { id, fence, word: undefined };
      this.#jobs.set(`${id}#${fence}`, job);
      const life = this.#life;
      this.#ground.agenda.after(this.#duration(), () => {
        if (life === this.#life) this.#finish(job);
      });
    }
  }

  #finish(job: Job): void {
    const { agenda, chance } = this.#ground;
    const stall = this.#stalledUntilMs - agenda.nowMs;
    if (stall > 0) return agenda.after(stall, () => this.#finish(job));
    const isGood = this.isCalm || chance.happens(0.8);
    job.word = isGood ? words[0] : chance.pick(words);
    if (!this.isCalm && isSticky(job)) job.word = returned;
    if (job.word !== undefined) this.#say(job, job.word);
  }

  #say(job: Job, word: Said["word"]): void {
    const { net, chance, base } = this.#ground;
    const hub = chance.pick(this.#hubs);
    const said: Said = { fence: job.fence, nodeId: this.name, spent: 0, word };
    const life = this.#life;
    net.send(this.name, hub.name, () => {
      hub.report(job.id, said, { worker: this.name, nowMs: this.#clock() }, (verdict) => {
        net.send(hub.name, this.name, () => {
          const isStored = verdict === Verdict.TAKEN || verdict === Verdict.REPEATED;
          if (isStored && word.case === "result") {
            base.judge.receipted(base.rows.get(job.id), job.id);
          }
          if (life !== this.#life || (isStored && word.case === "beat")) return;
          this.#jobs.delete(`${job.id}#${job.fence}`);
        });
      });
    });
  }

  #duration(): number {
    return this.#ground.chance.between(20, this.#ground.chance.happens(0.05) ? 6_000 : 400);
  }

  #clock(): number {
    return this.#ground.agenda.nowMs + this.skewMs;
  }
}

function isSticky({ id, fence }: Given): boolean {
  const sum = Array.from(id).reduce((all, letter) => all + (letter.codePointAt(0) ?? 0), 0);
  return fence < stickyFence && sum % stickyOneOf === 0;
}
