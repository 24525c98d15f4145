// A hub's part of sync for tests of the SDK: the real core over the log's twin in memory, spoken to
// over an in-memory wire. It can be cut, restored, and told to refuse.
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { type Frame, FrameSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { type SessionRequest, SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { type Open, OpenedSchema } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { faultDomain } from "@foedus/kernel/fault.ts";
import { BoundedQueue } from "@foedus/kernel/queue.ts";
import { defaultLimits, type Limits } from "@foedus/kernel/sync/limits.ts";
import type { LogRequest } from "@foedus/kernel/sync/log.ts";
import { MemoryLog } from "@foedus/kernel/sync/memory.ts";
import { packed } from "@foedus/kernel/sync/pack.ts";
import { soundRules } from "@foedus/kernel/sync/rules.ts";
import { stepHub } from "@foedus/kernel/sync/hub.ts";
import { newHub, type HubEvent, type HubState } from "@foedus/kernel/sync/hub.state.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";

const framesMax = 100_000;

/** What a test can do with it. */
export interface SyncHub {
  readonly transport: Transport;
  readonly state: HubState;
  readonly log: MemoryLog;
  /** How many sessions are open. */
  readonly sessions: number;
  /** Who the hub says that whoever comes is. */
  owner: string;
  /** Ends all sessions, and lets none in until it is restored. */
  cut(): void;
  restore(): void;
  /** Answers that many of the next Pushes with a limit, before it has looked at them. */
  limit(pushes: number): void;
}

interface Line {
  readonly session: string;
  readonly out: BoundedQueue<Frame>;
  readonly ended: AbortController;
}

/** A hub in this process. */
export function syncHub(
  name = "hub-1",
  more: Partial<Limits> = {},
  zones: readonly string[] = ["world"],
): SyncHub {
  return new RouterHub(name, { ...defaultLimits, ...more }, zones);
}

class RouterHub implements SyncHub {
  owner = "somebody";
  readonly transport = createRouterTransport(({ service }) => {
    service(SyncService, {
      session: (requests, { signal }) => this.#session(requests, signal),
      pull: ({ open, frames }, { signal }) => this.#pull(open, frames, signal),
      push: ({ sessionId, frames }) => this.#push(sessionId, frames),
    });
  });
  readonly state: HubState;
  readonly log: MemoryLog;
  readonly #name: string;
  readonly #zones: readonly string[];
  readonly #lines = new Map<string, Line>();
  #isCut = false;
  #limited = 0;
  #count = 0;

  constructor(name: string, limits: Limits, zones: readonly string[]) {
    this.#name = name;
    this.#zones = zones;
    this.log = new MemoryLog(name, soundRules, limits);
    const start = { hub: name, zones, parent: undefined, rules: soundRules, limits };
    this.state = newHub(start, []);
  }

  get sessions(): number {
    return this.#lines.size;
  }

  cut(): void {
    this.#isCut = true;
    for (const { ended } of this.#lines.values()) ended.abort();
  }

  restore(): void {
    this.#isCut = false;
  }

  limit(pushes: number): void {
    this.#limited = pushes;
  }

  async *#session(requests: AsyncIterable<SessionRequest>, signal: AbortSignal) {
    const line = this.#open(signal);
    const iterator = requests[Symbol.asyncIterator]();
    const first = await iterator.next();
    const said = first.done === true ? undefined : first.value.said;
    void this.#listen(iterator, line).catch(() => line.ended.abort());
    yield* this.#said(line, said?.case === "open" ? said.value : undefined);
  }

  async *#pull(opening: Open | undefined, frames: readonly Frame[], signal: AbortSignal) {
    const line = this.#open(signal);
    for (const frame of frames) this.#step({ type: "frame", session: line.session, frame });
    yield* this.#said(line, opening);
  }

  #push(session: string, frames: readonly Frame[]) {
    if (this.#limited-- > 0) throw limitReached();
    if (!this.#lines.has(session)) throw new ConnectError("no such session", Code.Unavailable);
    for (const frame of frames) this.#step({ type: "frame", session, frame });
    return {};
  }

  #open(signal: AbortSignal): Line {
    if (this.#isCut) throw new ConnectError("the hub is away", Code.Unavailable);
    const session = `session-${++this.#count}`;
    const out = new BoundedQueue<Frame>(framesMax);
    const line = { session, out, ended: new AbortController() };
    signal.addEventListener("abort", () => line.ended.abort());
    line.ended.signal.addEventListener("abort", () => {
      this.#lines.delete(session);
      out.end();
      this.#step({ type: "closed", session });
    });
    this.#lines.set(session, line);
    const [zones, peer] = [this.#zones, "REPLICA"] as const;
    const who = { session, tenant: "main", zones, peer, name: session, writes: true };
    this.#step({ type: "opened", ...who });
    return line;
  }

  async *#said({ session, out }: Line, opening: Open | undefined) {
    if (opening === undefined) throw new ConnectError("no open", Code.InvalidArgument);
    const hubTime = timestampFromMs(realWorld.clock.now());
    const zones = [...this.#zones];
    const whose = { hubName: this.#name, tenant: "main", owner: this.owner };
    const head = { protocol: 1, sessionId: session, hub: this.#name, zones, hubTime, ...whose };
    yield { said: { case: "opened" as const, value: create(OpenedSchema, head) } };
    for await (const frame of out) yield { said: { case: "frame" as const, value: frame } };
    if (this.#isCut) throw new ConnectError("the hub is away", Code.Unavailable);
  }

  async #listen(iterator: AsyncIterator<SessionRequest>, { session }: Line): Promise<void> {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const { said } = next.value;
      if (said.case === "frame") this.#step({ type: "frame", session, frame: said.value });
    }
  }

  #step(event: HubEvent): void {
    for (const effect of stepHub(this.state, event)) {
      if (effect.type === "ask") void this.#ask(effect.request);
      else if (effect.type === "send") {
        this.#lines.get(effect.session)?.out.offer(overWire(effect.frame));
      } else if (effect.type === "close") this.#lines.get(effect.session)?.ended.abort();
    }
  }

  async #ask(request: LogRequest): Promise<void> {
    await Promise.resolve();
    this.#step({ type: "answered", answer: this.log.answer(request, realWorld.clock.now()) });
  }
}

function limitReached(): ConnectError {
  const metadata = { retry_ms: "20" };
  const value = { reason: "RATE_LIMITED", domain: faultDomain, metadata };
  const details = [{ desc: ErrorInfoSchema, value }];
  return new ConnectError("too many", Code.ResourceExhausted, undefined, details);
}

function overWire(frame: Frame): Frame {
  return create(FrameSchema, packed(frame));
}
