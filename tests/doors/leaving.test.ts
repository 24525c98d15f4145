// Clients that leave, at any moment and in any way: handlers hear of it, and nothing is left.
import { afterAll, expect, test } from "vitest";
import type { Side } from "./doors.ts";
import { expectLevel, openSide, same, soon, settled, twoHubs } from "./doors.ts";
import type { Exchange, Sent } from "./raw.ts";
import { asked, begin, bodyFor, envelope, pathTo, rawTo, types } from "./raw.ts";
import type { AskInit } from "./schema.ts";

const pair = twoHubs();
afterAll(() => expectLevel(pair(), { figures: false }));

type Session = Awaited<ReturnType<typeof rawTo>>;
type Leave = (session: Session, exchange: Exchange) => void;

const cancel = 8;

const ways: Readonly<Record<string, Leave>> = {
  "by a reset": (_, { stream }) => stream.close(cancel),
  "by ending the session": (session) => session.destroy(),
};

const formats = ["connect", "connectStream", "grpc", "web"] as const;
type Format = (typeof formats)[number];

/** Where a call stands when its client leaves. */
interface Moment {
  readonly methods: readonly string[];
  readonly ask: AskInit;
  /** What is sent of the request. */
  readonly sent: (body: Buffer) => Partial<Sent>;
  /** When it stands there. */
  readonly stands: (side: Side, key: string) => Promise<void>;
  readonly reads?: boolean;
}

const begun = (side: Side, key: string) => soon(() => side.seen.begun.get(key) === 1);
const taken = (side: Side) => soon(async () => (await side.calls()) === 1);

const moments: Readonly<Record<string, Moment>> = {
  "before its body": {
    methods: ["Once", "Many"],
    ask: {},
    sent: () => ({ pieces: [], ends: false }),
    stands: taken,
  },
  "within its body": {
    methods: ["Once", "Many"],
    ask: { text: "cut short" },
    sent: (body) => ({ pieces: [body.subarray(0, 8)], ends: false }),
    stands: taken,
  },
  "while its handler works": {
    methods: ["Once", "Many", "Gather", "Both"],
    ask: { act: "wait", size: 10, count: 1 },
    sent: (body) => ({ pieces: [body] }),
    stands: begun,
  },
  "while its handler works, with more to send": {
    methods: ["Gather", "Both"],
    ask: { act: "wait" },
    sent: (body) => ({ pieces: [body, body, body], ends: false }),
    stands: begun,
  },
  "while its handler does not read, with all windows full": {
    methods: ["Gather", "Both"],
    ask: { act: "wait", data: new Uint8Array(60_000) },
    sent: (body) => ({ pieces: Array.from({ length: 20 }, () => body), ends: false }),
    stands: begun,
  },
  "while its handler waits for more": {
    methods: ["Gather", "Both"],
    ask: {},
    sent: (body) => ({ pieces: [body], ends: false }),
    stands: begun,
  },
  "while it reads nothing": {
    methods: ["Many"],
    ask: { count: 1_000, size: 50_000 },
    sent: (body) => ({ pieces: [body] }),
    stands: (side, key) => soon(() => (side.seen.told.get(key) ?? 0) > 1),
    reads: false,
  },
};

const all = Object.entries(moments).flatMap(([when, moment]) =>
  Object.entries(ways).map(([how, leave]) => ({ when, how, moment, leave })),
);

const fits = (format: Format, method: string) =>
  format === "connect" ? method === "Once" : !(format === "connectStream" && method === "Once");

test.each(all)("a client that leaves $how $when", async ({ when, how, moment, leave }) => {
  for (const method of moment.methods) {
    for (const format of formats.filter((one) => fits(one, method))) {
      const key = `${when} ${how} ${method} ${format}`;
      await same(pair(), async (side) => {
        const body = bodyFor(types[format], asked({ ...moment.ask, big: 0n, key }));
        const session = await rawTo(side);
        const headers = { "content-type": types[format] };
        const sent = { path: pathTo(method), headers, ...moment.sent(body) };
        const exchange = begin(session, sent);
        if (moment.reads === false) exchange.stream.pause();
        await moment.stands(side, key);
        leave(session, exchange);
        await soon(() => side.seen.open === 0);
        await soon(async () => (await side.calls()) === 0);
        session.destroy();
        return [side.seen.begun.get(key), side.seen.ended.get(key)?.length];
      });
    }
  }
});

test("a client that leaves after the answer", async () => {
  for (const format of formats) {
    await same(pair(), async (side) => {
      const session = await rawTo(side);
      const method = format === "connectStream" ? "Many" : "Once";
      const pieces = [bodyFor(types[format], asked({ count: 1 }))];
      const sent = { path: pathTo(method), headers: { "content-type": types[format] }, pieces };
      const { stream, heard } = begin(session, sent);
      await heard;
      stream.close(cancel);
      session.destroy();
      return (await heard).reset;
    });
  }
});

test("a client that says goodbye hears what it still waits for", async () => {
  for (const format of ["connect", "grpc", "web"] as const) {
    const key = `goodbye ${format}`;
    await same(pair(), async (side) => {
      const session = await rawTo(side);
      const pieces = [bodyFor(types[format], asked({ act: "gate", key }))];
      const sent = { path: pathTo("Once"), headers: { "content-type": types[format] }, pieces };
      const { heard } = begin(session, sent);
      await begun(side, key);
      session.goaway(0);
      session.close();
      side.seen.release(key);
      const { headers, trailers, body } = await heard;
      return { headers, trailers, body };
    });
  }
});

/** A hub that stops while calls of each kind are open: what their clients hear. */
async function stopped(lean: boolean, format: "connectStream" | "grpc" | "web"): Promise<unknown> {
  const side = await openSide(lean, { values: { drain_ms: "20000" } });
  const session = await rawTo(side);
  const headers = { "content-type": types[format] };
  const call = (method: string, ask: AskInit, ends = true) =>
    begin(session, { path: pathTo(method), headers, pieces: [envelope(asked(ask))], ends });
  const open = [
    call("Many", { act: "wait", count: 1, key: "many" }),
    call("Gather", { key: "gather" }, false),
    call("Both", { key: "both" }, false),
  ];
  if (format !== "connectStream") open.push(call("Once", { act: "gate", key: "once" }));
  await soon(() => side.seen.open === open.length);
  await soon(() => (open[0]?.bytes().length ?? 0) > 5);
  const ended = side.hub.running.stop();
  const streams = await Promise.all(open.slice(0, 3).map(({ heard }) => heard));
  side.seen.release("once");
  const last = await open[3]?.heard;
  await ended;
  expect(side.seen.open).toBe(0);
  return [streams, last];
}

test.each(["connectStream", "grpc", "web"] as const)(
  "a hub that stops parts from its streams and finishes its calls, as %s",
  async (format) => {
    const [stock, lean] = await Promise.all([stopped(false, format), stopped(true, format)]);
    expect(lean).toEqual(stock);
    expect(JSON.stringify(lean)).toContain("DRAINING");
    await settled(pair());
  },
);
