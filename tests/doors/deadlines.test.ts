// Deadlines in every spelling, that pass before, in and after the handler.
import { afterAll, expect, test } from "vitest";
import type { Caller } from "./clients.ts";
import { calling } from "./clients.ts";
import type { Side } from "./doors.ts";
import { differs, expectLevel, same, settled, twoHubs } from "./doors.ts";
import type { Sent } from "./raw.ts";
import { asked, begin, bodyFor, exchange, pathTo, rawTo, types } from "./raw.ts";
import type { AskInit } from "./schema.ts";

const pair = twoHubs();
afterAll(() => expectLevel(pair(), { figures: false }));

const spellings = {
  "connect-timeout-ms": [
    "0",
    "1",
    "60000",

    "99999999999",
    "-1",
    "1.5",
    "abc",
    "",
    " 5",
    "1e3",
    "0x1",
  ],
  "grpc-timeout": [
    "0m",
    "1n",
    "1u",
    "60S",
    "1M",
    "1H",

    "999999999S",
    "5",
    "abc",
    "",
    "-1S",
    "1s",
    "1 S",
  ],
} as const;

const headerOf = {
  connect: "connect-timeout-ms",
  connectStream: "connect-timeout-ms",
  grpc: "grpc-timeout",
  web: "grpc-timeout",
} as const;

const each = (["connect", "connectStream", "grpc", "web"] as const).flatMap((type) =>
  spellings[headerOf[type]].map((text) => ({ type, text })),
);

/** So short that it may pass before anything else happens. */
const passed = new Set(["0", "1", "0m", "1n", "1u"]);

test.each(each)('the deadline "$text" as $type', async ({ type, text }) => {
  const methods = type === "connect" ? ["Once"] : ["Many", "Gather"];
  const act = passed.has(text) ? "wait" : "seen";
  for (const method of methods) {
    const headers = { "content-type": types[type], [headerOf[type]]: text };
    const pieces = [bodyFor(types[type], asked({ act, key: text }))];
    const sent = { path: pathTo(method), headers, pieces };
    if (passed.has(text)) await same(pair(), (side) => lateness(side, sent));
    else await same(pair(), (side) => exchange(side, sent));
  }
});

/** That it was late: how much time there was, and who noticed first, is chance. */
async function lateness(side: Side, sent: Sent): Promise<unknown> {
  const heard = await exchange(side, sent);
  expect(JSON.stringify(heard)).toContain("DEADLINE_EXCEEDED");
  return [heard.headers[":status"], heard.trailers["grpc-status"], heard.reset];
}

/** The same by a client. */
async function late(side: Side, call: Caller, method: "once" | "many", ask: AskInit, ms: number) {
  const protocol = ask.text ?? "";
  const { error, messages } = await call(side, method, [ask], within(protocol, ms));
  expect(error).toMatchObject({ code: "DeadlineExceeded" });
  expect(JSON.stringify(error)).toContain("DEADLINE_EXCEEDED");
  return messages;
}

const protocols = ["connect", "connect json", "grpc", "grpc-web", "connect 1.1"] as const;

/** Sent by hand: a client that knows its deadline leaves at it, and hears nothing more. */
const within = (protocol: string, ms: number) => ({
  headers: protocol.startsWith("grpc")
    ? { "grpc-timeout": `${ms}m` }
    : { "connect-timeout-ms": String(ms) },
});

test.each(protocols)("a handler hears that its deadline passed, by %s", async (protocol) => {
  const call = calling(protocol);
  for (const method of ["once", "many"] as const) {
    const ask = { act: "wait", text: protocol, key: `waits ${protocol} ${method}`, count: 1 };
    await same(pair(), (side) => late(side, call, method, ask, 60));
    const { stock, lean } = pair();
    const ends = [lean, stock].map(({ seen }) => seen.ended.get(ask.key)?.length);
    expect(ends).toEqual([1, 1]);
  }
});

test.each(protocols)("a handler that ignores it is not waited for, by %s", async (protocol) => {
  const call = calling(protocol);
  for (const method of ["once", "many"] as const) {
    const ask = { act: "gate", text: protocol, key: `ignores ${protocol} ${method}` };
    const { stock, lean } = pair();
    const run = (side: Side) => late(side, call, method, ask, 60);
    const heard = await Promise.all([run(stock), run(lean)]);
    expect(heard[1]).toEqual(heard[0]);
    stock.seen.release(ask.key);
    lean.seen.release(ask.key);
    await settled(pair());
  }
});

test("a deadline that passes after the answer changes nothing", async () => {
  for (const protocol of protocols) {
    const call = calling(protocol);
    const ask = { act: "seen", key: "early" };
    const { error } = await same(pair(), (side) =>
      call(side, "once", [ask], within(protocol, 5_000)),
    );
    expect(error).toBeUndefined();
  }
});

test("a client's own deadline ends the handler", async () => {
  for (const protocol of protocols) {
    const call = calling(protocol);
    const ask = { act: "wait", key: `leaves ${protocol}` };
    await same(pair(), async (side) => {
      const { error } = await call(side, "once", [ask], { timeoutMs: 100 });
      return (error as { code: string }).code;
    });
  }
});

test("a deadline passes while the client still sends", async () => {
  for (const type of ["grpc", "web", "connectStream"] as const) {
    const headers = {
      "content-type": types[type],
      [headerOf[type]]: type === "connectStream" ? "60" : "60m",
    };
    const pieces = [bodyFor(types[type], asked({ key: `sends ${type}` }))];
    for (const method of ["Gather", "Both"]) {
      const sent = { path: pathTo(method), headers, pieces, ends: false };
      await same(pair(), (side) => lateness(side, sent));
    }
  }
});

test("a deadline passes before a unary request is whole", async () => {
  for (const type of ["grpc", "web", "connect"] as const) {
    const within = type === "connect" ? { "connect-timeout-ms": "60" } : { "grpc-timeout": "60m" };
    const headers = { "content-type": types[type], ...within };
    const bytes = bodyFor(types[type], asked({ act: "wait", text: "cut short" }));
    const sent = { path: pathTo("Once"), headers };
    const cut = { ...sent, pieces: [bytes.subarray(0, 8)], ends: false };
    const { lean } = await differs(pair(), "late before it is whole", async (side) => {
      const session = await rawTo(side);
      const heard = begin(session, cut).heard;
      const whole = await exchange(side, { ...sent, pieces: [bytes] });
      expect(JSON.stringify(whole)).toContain("DEADLINE_EXCEEDED");
      // The second had the same deadline, a little later.
      session.close();
      const first = await Promise.race([heard, exchange(side, { ...sent, pieces: [bytes] })]);
      session.destroy();
      return (await heard).headers[":status"] ?? first === undefined;
    });
    expect(lean).toBe(type === "connect" ? 504 : 200);
  }
});

test("a deadline of more than 24 days does not pass at once", async () => {
  for (const type of ["connect", "grpc", "web"] as const) {
    const text = type === "connect" ? "9999999999" : "99999999H";
    const headers = { "content-type": types[type], [headerOf[type]]: text };
    const pieces = [bodyFor(types[type], asked({ act: "gate", key: type }))];
    const sent = { path: pathTo("Once"), headers, pieces };
    const run = async (side: Side) => {
      const heard = exchange(side, sent);
      // Stock is answered for by then; so long the lean one has to hold.
      await exchange(pair().stock, {
        ...sent,
        pieces: [bodyFor(types[type], asked({ key: "x" }))],
      });
      side.seen.release(type);
      return await heard;
    };
    const { lean } = await differs(pair(), "days to go", run);
    expect(lean.headers[":status"]).toBe(200);
  }
});
