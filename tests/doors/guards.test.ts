// Who is turned away, before any of the body is read, and in which words.
import { createClient } from "@connectrpc/connect";
import { afterAll, expect, test } from "vitest";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { leftHeader } from "../../server/runtime/guards/limit.ts";
import { nodeUri, person } from "../support/hub.bare.ts";
import { nodeTransport } from "../support/wire.ts";
import { calling, errorOf, shown } from "./clients.ts";
import type { Pair, Side } from "./doors.ts";
import { differs, expectLevel, same, soon, settled, twoHubs } from "./doors.ts";
import type { Sent } from "./raw.ts";
import { asked, begin, bodyFor, exchange, pathTo, rawTo, types } from "./raw.ts";
import { DoorRpcs } from "./schema.ts";

const pair = twoHubs();
const patient = twoHubs();
const hurried = twoHubs({ values: { control_rate: "4" } });
afterAll(async () => {
  await expectLevel(pair());
  await expectLevel(hurried());
  await expectLevel(patient(), { figures: false });
  await differs(patient(), "gone before it begins", (side) => side.figures());
});

/** How long a guard thinks, and the deadline that passes while it does, both in milliseconds. */
const laterMs = 100;
const deadlineMs = 50;

const formats = ["connect", "json", "connectStream", "grpc", "web"] as const;
type Format = (typeof formats)[number];

const strangers: readonly (readonly [string, Record<string, string>])[] = [
  ["nobody", { authorization: "" }],
  ["somebody with a wrong secret", { authorization: "Bearer wrong" }],
  ["somebody with a secret that is none", { authorization: "Basic b3duZXI6" }],
  ["an observer", { authorization: "Bearer observer-secret" }],
  ["a page of another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ["a rebound name", { ":authority": "evil.example" }],
  ["somebody of a suspended tenant", { authorization: "Bearer suspended-secret" }],
];

const all = strangers.flatMap(([who, headers]) =>
  formats.map((format) => ({ who, headers, format })),
);

function know(hubs: Pair): void {
  for (const { hub } of [hubs.stock, hubs.lean]) {
    hub.sessions.set("observer-secret", person("observer", Role.OBSERVER));
    const other = { ...person("other", Role.ADMIN), tenant: "other" as never };
    hub.sessions.set("suspended-secret", other);
    hub.hub.served.suspend(new Map([["other", "it did not pay"]]));
  }
}

const methodOf = (format: Format) => (format === "connectStream" ? "Many" : "Decide");

test.each(all)("$who is told so, with none of the body read, as $format", async (one) => {
  know(pair());
  const { format } = one;
  const headers = { "content-type": types[format], ...one.headers };
  const body = format === "json" ? Buffer.from("{}") : bodyFor(types[format], asked({}));
  const sent: Sent = { path: pathTo(methodOf(format)), headers };
  await same(pair(), (side) => exchange(side, { ...sent, pieces: [body] }));
  if (format === "connectStream" && one.who === "an observer") return;
  // They do not even have to send it.
  const begun = { ...sent, pieces: [body.subarray(0, 1)], ends: false };
  const heard = await same(pair(), (side) => exchange(side, begun));
  expect(JSON.stringify(heard)).toMatch(/NOT_|FOREIGN|SUSPENDED|ORIGIN|HOST/);
});

test.each(formats)("a body nobody wants is not waited for, as %s", async (format) => {
  const headers = { "content-type": types[format], authorization: "" };
  const pieces = Array.from({ length: 12 }, () => Buffer.alloc(75_000));
  const sent = { path: pathTo(methodOf(format)), headers, pieces, ends: false };
  const heard = await same(pair(), (side) => exchange(side, sent));
  expect(JSON.stringify(heard)).toContain("NOT_AUTHENTICATED");
});

/** Makes the looking up of sessions wait until it is let go. */
function hold(side: Side): { readonly asked: Promise<void>; go(): void } {
  const [askedFor, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { sessions } = side.hub;
  const get = sessions.get.bind(sessions);
  Object.assign(sessions, {
    get: (secret: string) => {
      askedFor.resolve();
      return gate.promise.then(() => get(secret));
    },
  });
  const go = () => {
    Object.assign(sessions, { get });
    gate.resolve();
  };
  return { asked: askedFor.promise, go };
}

test.each(formats)("the body may be whole while a guard still thinks, as %s", async (format) => {
  const body = format === "json" ? Buffer.from('{"text":"a"}') : bodyFor(types[format], asked({}));
  const headers = { "content-type": types[format] };
  const sent = { path: pathTo(methodOf(format)), headers, pieces: [body] };
  for (const pieces of [[body], []]) {
    await same(pair(), async (side) => {
      const held = hold(side);
      const session = await rawTo(side);
      const exchange = begin(session, { ...sent, pieces });
      await held.asked;
      // Whatever came in the meantime came before this.
      await new Promise((resolve) => session.ping(resolve));
      held.go();
      const heard = await exchange.heard;
      session.destroy();
      return heard;
    });
  }
});

test.each(formats)("a client may leave while a guard still thinks, as %s", async (format) => {
  const headers = { "content-type": types[format] };
  const body = bodyFor(types[format], asked({ act: "wait", key: `left ${format}` }));
  for (const how of ["reset", "session"]) {
    await same(patient(), async (side) => {
      const held = hold(side);
      const session = await rawTo(side);
      const { stream } = begin(session, {
        path: pathTo(methodOf(format)),
        headers,
        pieces: [body],
      });
      await held.asked;
      if (how === "reset") stream.close(8);
      else session.destroy();
      await soon(async () => (await side.calls()) === 0);
      held.go();
      session.destroy();
    });
  }
});

test.each(formats)("a deadline may pass while a guard still thinks, as %s", async (format) => {
  const within =
    format === "grpc" || format === "web"
      ? { "grpc-timeout": `${deadlineMs}m` }
      : { "connect-timeout-ms": `${deadlineMs}` };
  const headers = { "content-type": types[format], ...within };
  const body = format === "json" ? Buffer.from("{}") : bodyFor(types[format], asked({}));
  const sent = { path: pathTo(methodOf(format)), headers, pieces: [body] };
  const late = (heard: unknown) => JSON.stringify(heard).includes("DEADLINE_EXCEEDED");
  await same(patient(), async (side) => {
    const held = hold(side);
    const session = await rawTo(side);
    const { heard } = begin(session, sent);
    await held.asked;
    // Later timers of one event loop fire later: the deadline of this call has passed by then.
    await realWorld.timers.sleep(laterMs);
    held.go();
    const was = late(await heard);
    session.destroy();
    return was;
  });
});

test("a caller over its rate is told when to come back, and before that how little is left", async () => {
  for (const protocol of ["connect", "grpc"] as const) {
    const outcomes = await same(hurried(), async (side) => {
      const all: string[] = [];
      for (let n = 0; n < 14; n++) {
        const { header, error } = await calling(protocol)(side, "once", [{}]);
        const left = header.find(([name]) => name === leftHeader);
        all.push(`${left?.join()} ${String((error as { code?: string } | undefined)?.code)}`);
      }
      return all;
    });
    const last = "undefined ResourceExhausted";
    expect(outcomes.at(-1)).toBe(last);
    if (protocol === "connect") expect(outcomes).toContain(`${leftHeader},1 undefined`);
  }
});

test("a revoked node is refused by its session, and mid stream at the next message", async () => {
  const nodes = async (side: Side, protocol: "connect" | "grpc") =>
    createClient(DoorRpcs, await nodeTransport(side.hub, `node-${protocol}`, { protocol }));
  for (const protocol of ["connect", "grpc"] as const) {
    await same(pair(), async (side) => {
      const client = await nodes(side, protocol);
      const stop = Promise.withResolvers<void>();
      async function* asks() {
        yield { text: "first", key: protocol };
        await stop.promise;
        yield { text: "second", key: protocol };
        await new Promise(() => undefined);
      }
      const told = client.both(asks())[Symbol.asyncIterator]();
      const first: unknown = (await told.next()).value;
      side.hub.revoked.add(nodeUri(`node-${protocol}`));
      stop.resolve();
      const mid = await told.next().then(() => undefined, errorOf);
      const again = await client.once({}).then(() => undefined, errorOf);
      const stream = client.many({ count: 1 })[Symbol.asyncIterator]();
      const many = await stream.next().then(() => undefined, errorOf);
      return { first, mid, again, many };
    });
  }
});

test("what a node's door does not serve to people it serves to nobody else", async () => {
  for (const protocol of ["connect", "grpc"] as const) {
    await same(pair(), async (side) => {
      const client = createClient(DoorRpcs, await nodeTransport(side.hub, "node-2", { protocol }));
      const headers: unknown[] = [];
      const onHeader = (header: Headers) => void headers.push(shown(header));
      const seen = await client.once({ act: "seen" }, { onHeader });
      const view = JSON.parse(seen.text) as { url: string[] };
      const others = [client.hidden({}), client.decide({}), client.open({}), client.nothing({})];
      const told = await Promise.all(others.map((one) => one.then(() => "ok", errorOf)));
      return { view: view.url, headers, told };
    });
  }
  await settled(pair());
});
