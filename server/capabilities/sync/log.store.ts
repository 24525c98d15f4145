import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Grown, Shelved } from "@foedus/kernel/sync/hub.state.ts";
import type { CommitRequest } from "@foedus/kernel/sync/hub.intake.ts";
import type { Item, Log, LogAnswer, LogRequest, Result } from "@foedus/kernel/sync/log.ts";
import type { Limits } from "@foedus/kernel/sync/limits.ts";
import type { Rules } from "@foedus/kernel/sync/rules.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";
import { commitItems, type Committed } from "./commit.store.ts";
import { fetchRecords, type Fetched } from "./fetch.store.ts";
import { watchGrown } from "./grown.store.ts";
import { standingOf, type Head } from "./head.store.ts";
import { isCurrent, renewIncarnation } from "./incarnation.store.ts";
import { streamOfKey, type StreamAt } from "./key.ts";
import { renew } from "./lease.store.ts";
import { look } from "./look.store.ts";
import { Looks } from "./looks.store.ts";
import { readPlaces } from "./page.store.ts";
import { Pages } from "./pages.ts";
import { readPart } from "./part.store.ts";
import { truncate, type Kept } from "./retain.store.ts";
import { shelvedStreams } from "./status.store.ts";

/** What the log under a hub goes by. */
export interface SyncLogOptions {
  readonly storage: Storage;
  /**
   * The incarnation that stamps, as `openIncarnation` says; a stream's row that says another wins.
   */
  readonly incarnation: string;
  readonly rules: Rules;
  readonly limits: Limits;
  /** Whether another process over the same database is there. */
  readonly others?: () => boolean;
}

/** A commit with what came since it was asked for: called once, as its transaction begins. */
export type Latest = (asked: CommitRequest) => CommitRequest;

const asAsked: Latest = (asked) => asked;

/** The log of all streams of all tenants, in PostgreSQL. */
export interface SyncLog extends Log {
  answer(request: LogRequest, nowMs: number, latest?: Latest): Promise<LogAnswer>;
  /** What is known without a look at the database: the page that follows lately written places. */
  held(request: LogRequest): LogAnswer | undefined;
  /** The incarnation that stamps now. */
  hub(): string;
  /** Whether that is still so, by what the database says of itself. */
  isCurrent(): Promise<boolean>;
  /** Takes another incarnation, because stamps of this one were given out twice. */
  reincarnate(): Promise<void>;
  /** All streams there are: what a hub that starts carries. */
  shelved(): Promise<Shelved[]>;
  /** Some records as they are now. */
  fetch(at: StreamAt, records: readonly string[]): Promise<Fetched>;
  /** Truncates the logs as far as hubs that follow let it; returns how many are shorter. */
  truncate(kept: Kept, nowMs: number): Promise<number>;
  /** Tells what other processes over the same database commit, until the signal aborts. */
  watch(tell: (grown: Grown) => void, signal: AbortSignal): Promise<void>;
  /** Lets go of what is remembered of a stream's log, unless it is of the life that is named. */
  forget(tenant: TenantId, stream: Stream, epoch?: string): void;
}

type Asked<T extends LogRequest["type"]> = Extract<LogRequest, { type: T }>;
type Answered<T extends LogAnswer["type"]> = Extract<LogAnswer, { type: T }>;

type CommitAnswer = Answered<"commit">;

/** How much is read at once for somebody who catches up: several answers. */
const aheadOps = 2_048;
const aheadBytes = 1_048_576;
/** How many ops one transaction takes, if one item is not more: others wait for it meanwhile. */
export const commitOpsMax = 4_096;
/** And how many bytes of ops. */
export const commitBytesMax = 4 * 1_048_576;

/** Opens the log; nothing is read yet. */
export function openSyncLog(options: SyncLogOptions): SyncLog {
  const log = new PostgresLog(options);
  const { storage, rules, others = () => true } = options;
  return {
    answer: (request, nowMs, latest = asAsked) => log.answer(request, Math.floor(nowMs), latest),
    held: (request) => (request.type === "page" ? log.held(request) : undefined),
    hub: () => log.incarnation,
    isCurrent: () => isCurrent(storage, log.incarnation),
    reincarnate: () => log.reincarnate(),
    shelved: () => shelvedStreams(storage),
    fetch: (at, records) =>
      storage.tenant(at.tenant, (tx) => fetchRecords(tx, at, log.incarnation, records)),
    truncate: (kept, nowMs) => log.truncate(kept, nowMs),
    watch: (tell, signal) => {
      const known = (key: string) => log.pages.endOf(key);
      return watchGrown({ storage, rules, others, known, tell }, signal);
    },
    forget: (tenant, stream, epoch) => log.pages.forget(rules.keyOf(tenant, stream), epoch),
  };
}

class PostgresLog {
  readonly pages = new Pages();
  incarnation: string;
  readonly #options: SyncLogOptions;
  readonly #looks: Looks;
  readonly #reading = new Map<string, Promise<Head>>();

  constructor(options: SyncLogOptions) {
    this.#options = options;
    this.#looks = new Looks(options.storage);
    this.incarnation = options.incarnation;
  }

  async reincarnate(): Promise<void> {
    const { storage } = this.#options;
    this.incarnation = await renewIncarnation(storage, this.incarnation);
    this.pages.clear();
  }

  async truncate(kept: Kept, nowMs: number): Promise<number> {
    const { storage, rules } = this.#options;
    const shorter = await truncate(storage, rules, kept, Math.floor(nowMs));
    for (const { tenant, stream } of shorter) this.pages.forget(rules.keyOf(tenant, stream));
    return shorter.length;
  }

  async answer(request: LogRequest, nowMs: number, latest: Latest): Promise<LogAnswer> {
    if (request.type === "look") return await this.#look(request, nowMs);
    if (request.type === "commit") return await this.#commit(request, nowMs, latest);
    if (request.type === "page") return await this.#page(request);
    if (request.type === "part") return await this.#part(request);
    const { limits } = this.#options;
    const { type, key, peer, seq } = request;
    await this.#within(key, (tx, at) => renew(tx, at, request, nowMs, limits));
    return { type, key, peer, seq };
  }

  async #look(request: Asked<"look">, nowMs: number): Promise<Answered<"look">> {
    const { limits } = this.#options;
    const { key } = request.ref;
    const looked = await this.#looks.look(streamOfKey(key).tenant, request, (tx) =>
      look(tx, streamOfKey(key), this.incarnation, request, nowMs, limits),
    );
    this.pages.forget(key, looked.standing.epoch);
    return looked;
  }

  async #commit(asked: CommitRequest, nowMs: number, latest: Latest): Promise<CommitAnswer> {
    const { rules, limits } = this.#options;
    const { key, parent } = asked;
    const clerk = { hub: this.incarnation, rules, limits, nowMs, parent };
    const results: Result[] = [];
    let parts: readonly Item[][] = [];
    let standing;
    for (let turn = 0; turn === 0 || turn < parts.length; turn++) {
      const done = await this.#within(key, (tx, at) => {
        if (turn === 0) parts = partsOf(latest(asked).items);
        return commitItems(tx, at, clerk, parts[turn] ?? [], this.pages.endOf(key));
      });
      this.#note(key, done);
      results.push(...done.results);
      standing = standingOf(done.after);
    }
    if (standing === undefined) throw new Error("a commit of nothing");
    return { type: "commit", key, results, standing };
  }

  #note(key: string, { before, after, appended }: Committed): void {
    const { epoch, digest } = after;
    this.pages.forget(key, epoch);
    if (epoch !== before.epoch) return;
    this.pages.grew(key, { epoch, after: before.head, entries: appended, digest });
  }

  held({ ref, after, bytesMax, opsMax }: Asked<"page">): Answered<"page"> | undefined {
    const held = this.pages.find(ref.key, after, bytesMax, opsMax);
    return held && { type: "page", ref, after, ...held, gone: false };
  }

  async #page(request: Asked<"page">): Promise<Answered<"page">> {
    const { ref, after } = request;
    const held = this.held(request);
    if (held !== undefined) return held;
    const { isOlder, ...first } = await this.#readAhead(ref.key, after);
    let { head } = first;
    let read = this.held(request);
    // Another process may have committed since that read began, and before this was asked.
    if (read === undefined && isOlder) {
      ({ head } = await this.#readAhead(ref.key, after));
      read = this.held(request);
    }
    if (read !== undefined) return read;
    const digest = after === head.head ? head.digest : undefined;
    const gone = after < head.horizon;
    const of = { type: "page", ref, after } as const;
    return { ...of, epoch: head.epoch, entries: [], to: after, gone, digest };
  }

  /** A hundred who come back at one place wait for one read, which may be older than they ask. */
  async #readAhead(
    key: string,
    after: number,
  ): Promise<{ readonly head: Head; readonly isOlder: boolean }> {
    const name = `${key}@${after}`;
    const before = this.#reading.get(name);
    if (before !== undefined) return { head: await before, isOlder: true };
    const reading = this.#read(key, after);
    this.#reading.set(name, reading);
    try {
      return { head: await reading, isOlder: false };
    } finally {
      if (this.#reading.get(name) === reading) this.#reading.delete(name);
    }
  }

  async #read(key: string, after: number): Promise<Head> {
    const wish = { after, opsMax: aheadOps, bytesMax: aheadBytes };
    const { head, entries } = await this.#within(key, (tx, at) =>
      readPlaces(tx, at, this.incarnation, wish),
    );
    const { epoch, digest } = head;
    const isEnd = after + entries.length === head.head;
    this.pages.read(key, { epoch, after, entries }, isEnd ? digest : undefined);
    return head;
  }

  async #part({ ref, after, cellsMax }: Asked<"part">): Promise<Answered<"part">> {
    const { rules } = this.#options;
    const { head, cells, marks, last } = await this.#within(ref.key, (tx, at) =>
      readPart(tx, at, this.incarnation, after, cellsMax),
    );
    const shown = cells.map((cell) => rules.inSnapshot(cell));
    return { type: "part", ref, after, cells: shown, marks, last, standing: standingOf(head) };
  }

  #within<T>(key: string, work: (tx: TenantTx, at: StreamAt) => Promise<T>): Promise<T> {
    const at = streamOfKey(key);
    return this.#options.storage.tenant(at.tenant, (tx) => work(tx, at));
  }
}

/** Items in the transactions they go into: at least one each, and no more than both bounds let. */
export function partsOf(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [];
  let [ops, bytes] = [Number.POSITIVE_INFINITY, 0];
  for (const item of items) {
    const own = sizeOf(item);
    if (ops + own.ops > commitOpsMax || bytes + own.bytes > commitBytesMax) {
      parts.push([]);
      [ops, bytes] = [0, 0];
    }
    ops += own.ops;
    bytes += own.bytes;
    parts.at(-1)?.push(item);
  }
  return parts;
}

function sizeOf(item: Item): { readonly ops: number; readonly bytes: number } {
  if (item.type === "adopt") return { ops: commitOpsMax, bytes: 0 };
  const ops = item.type === "push" ? item.push.ops : item.entries.map(({ op }) => op);
  return { ops: ops.length, bytes: ops.reduce((sum, { length }) => sum + length, 0) };
}
