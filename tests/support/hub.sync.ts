// A hub's part of sync for tests of the SDK: the real core over the log's twin in memory, spoken to
// over an in-memory wire. It can be cut, restored, and told to refuse.
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { type Frame, FrameSchema } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
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
  /** Ends all sessions, and lets none in until it is restored. */
  cut(): void;
  restore(): void;
  /** Answers that many of the next Pushes with a limit, before it has looked at them. */
  limit(pushes: number): void;
}

interface Line {
  readonly out: BoundedQueue<Frame>;
  readonly ended: AbortController;
}

/** A hub in this process. */
export function syncHub(name = "hub-1", more: Partial<Limits> = {}, zones = ["world"]): SyncHub {
  const limits = { ...defaultLimits, ...more };
  const log = new MemoryLog(name, soundRules, limits);
  const start = { hub: name, zones, parent: undefined, rules: soundRules, limits };
  const state = newHub(start, []);
  const lines = new Map<string, Line>();
  let isCut = false;
  let limited = 0;
  let count = 0;

  function step(event: HubEvent): void {
    for (const effect of stepHub(state, event)) {
      if (effect.type === "ask") void ask(effect.request);
      else if (effect.type === "send") lines.get(effect.session)?.out.offer(overWire(effect.frame));
      else if (effect.type === "close") lines.get(effect.session)?.ended.abort();
    }
  }

  async function ask(request: LogRequest): Promise<void> {
    await Promise.resolve();
    step({ type: "answered", answer: log.answer(request, realWorld.clock.now()) });
  }

  function open(): { session: string; line: Line } {
    if (isCut) throw new ConnectError("the hub is away", Code.Unavailable);
    const session = `session-${++count}`;
    const line = { out: new BoundedQueue<Frame>(framesMax), ended: new AbortController() };
    line.ended.signal.addEventListener("abort", () => {
      lines.delete(session);
      line.out.end();
      step({ type: "closed", session });
    });
    lines.set(session, line);
    step({
      type: "opened",
      session,
      tenant: "main",
      zones,
      peer: "REPLICA",
      name: session,
      writes: true,
    });
    return { session, line };
  }

  async function* said({ session, line }: ReturnType<typeof open>, opening: Open | undefined) {
    if (opening === undefined) throw new ConnectError("no open", Code.InvalidArgument);
    const hubTime = timestampFromMs(realWorld.clock.now());
    const opened = create(OpenedSchema, {
      protocol: 1,
      sessionId: session,
      hub: name,
      zones,
      hubTime,
    });
    yield { said: { case: "opened" as const, value: opened } };
    for await (const frame of line.out) yield { said: { case: "frame" as const, value: frame } };
    if (isCut) throw new ConnectError("the hub is away", Code.Unavailable);
  }

  const transport = createRouterTransport(({ service }) => {
    service(SyncService, {
      async *session(requests, { signal }) {
        const opened = open();
        signal.addEventListener("abort", () => opened.line.ended.abort());
        const iterator = requests[Symbol.asyncIterator]();
        const first = await iterator.next();
        const opening = first.done === true ? undefined : first.value.said;
        void listen(iterator, opened).catch(() => opened.line.ended.abort());
        yield* said(opened, opening?.case === "open" ? opening.value : undefined);
      },
      async *pull({ open: opening, frames }, { signal }) {
        const opened = open();
        signal.addEventListener("abort", () => opened.line.ended.abort());
        const { session } = opened;
        for (const frame of frames) step({ type: "frame", session, frame });
        yield* said(opened, opening);
      },
      push({ sessionId, frames }) {
        if (limited-- > 0) throw limitReached();
        if (!lines.has(sessionId)) throw new ConnectError("no such session", Code.Unavailable);
        for (const frame of frames) step({ type: "frame", session: sessionId, frame });
        return {};
      },
    });
  });

  async function listen(
    iterator: AsyncIterator<{ said: { case?: string; value?: unknown } }>,
    { session }: { session: string },
  ): Promise<void> {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const { said } = next.value;
      if (said.case === "frame") step({ type: "frame", session, frame: said.value as Frame });
    }
  }

  return {
    transport,
    state,
    log,
    get sessions() {
      return lines.size;
    },
    cut() {
      isCut = true;
      for (const { ended } of lines.values()) ended.abort();
    },
    restore: () => void (isCut = false),
    limit: (pushes) => void (limited = pushes),
  };
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
