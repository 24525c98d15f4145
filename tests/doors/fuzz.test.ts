// Bytes by chance, from a seed: the hub lives, no call is left open, and both doors say the same.
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { calling } from "./clients.ts";
import type { Side } from "./doors.ts";
import { expectLevel, same, soon, twoHubs } from "./doors.ts";
import type { Heard, Sent } from "./raw.ts";
import { asked, begin, envelope, exchange, pathTo, rawTo, types } from "./raw.ts";

const pair = twoHubs();
afterAll(() => expectLevel(pair(), { figures: false }));

const options = { seed: 20_261, numRuns: 20, endOnFailure: true };

const format = fc.constantFrom("connectStream", "grpc", "web", "jsonStream");
const method = fc.constantFrom("Many", "Gather", "Both");
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((some) => Buffer.from(some));
const message = fc.oneof(
  bytes(40),
  fc.record({ text: fc.string({ maxLength: 20 }), count: fc.nat(3) }).map(asked),
);
const flags = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(255));
/** Mostly the length that it is. */
const frame = fc
  .record({ message, flags, more: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(20)) })
  .map((one) => envelope(one.message, one.flags, one.message.length + one.more));
const body = fc.array(fc.oneof({ weight: 8, arbitrary: frame }, bytes(12)), { maxLength: 6 });
const cuts = fc.array(fc.nat(120), { maxLength: 6 });

function cutAt(whole: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...at.filter((one) => one < whole.length), whole.length];
  const sorted = places.toSorted((a, b) => a - b);
  return sorted.slice(1).map((to, from) => whole.subarray(sorted[from], to));
}

const failure = /[A-Z]_[A-Z]|grpc-status\W+[1-9]|"error\W/;

/** Whether it failed: of several faults in one body either door may meet another one first. */
function verdictOf(heard: Heard): unknown {
  return [heard.headers[":status"], failure.test(JSON.stringify(heard))];
}

test("streams of any bytes, cut anywhere", async () => {
  const any = fc.record({ format, method, body, cuts });
  await fc.assert(
    fc.asyncProperty(any, async ({ format, method, body, cuts }) => {
      const headers = { "content-type": types[format] };
      const pieces = cutAt(Buffer.concat(body), cuts);
      const sent: Sent = { path: pathTo(method), headers, pieces };
      await same(pair(), async (side) => verdictOf(await exchange(side, sent)));
    }),
    { ...options, numRuns: 250 },
  );
});

test("unary bodies of any bytes, under any encoding and deadline", async () => {
  const words = fc.constantFrom("", "identity", "gzip", "br", "x");
  const times = fc.constantFrom("", "5000", "5000m", "-1", "?", "99999999999");
  const any = fc.record({
    type: fc.constantFrom("connect", "json", "grpc", "web"),
    body: fc.oneof(bytes(60), message, frame),
    encoding: words,
    time: times,
    length: fc.option(fc.nat(80)),
  });
  await fc.assert(
    fc.asyncProperty(any, async ({ type, body, encoding, time, length }) => {
      const isGrpc = type === "grpc" || type === "web";
      const headers = {
        "content-type": types[type as "grpc"],
        ...(encoding === "" ? {} : { [isGrpc ? "grpc-encoding" : "content-encoding"]: encoding }),
        ...(time === "" ? {} : { [isGrpc ? "grpc-timeout" : "connect-timeout-ms"]: time }),
        // A length that is true or too large: too small is HTTP/2's own affair.
        ...(length === null ? {} : { "content-length": body.length }),
      };
      const sent: Sent = { path: pathTo("Once"), headers, pieces: [body] };
      await same(pair(), async (side) => verdictOf(await exchange(side, sent)));
    }),
    { ...options, numRuns: 150 },
  );
});

/** Does things to streams in an order by chance. */
async function storm(side: Side, steps: readonly Step[]): Promise<void> {
  const session = await rawTo(side);
  const open = steps.map(({ format, method, body, act }) => {
    const headers = { "content-type": types[format as "grpc"] };
    const ends = act === "end";
    const one = begin(session, { path: pathTo(method), headers, pieces: body, ends });
    if (act === "pause") one.stream.pause();
    if (act === "reset") one.stream.close(8);
    if (act === "late reset") setImmediate(() => one.stream.close(8));
    return one;
  });
  await new Promise((resolve) => session.ping(resolve));
  expect(open.length).toBe(steps.length);
  session.destroy();
}

interface Step {
  readonly format: string;
  readonly method: string;
  readonly body: readonly Buffer[];
  readonly act: string;
}

test("many at once, left in every way, leave nothing", async () => {
  const act = fc.constantFrom("end", "pause", "reset", "late reset", "none");
  const step = fc.record({ format, method, body, act });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      await Promise.all([storm(pair().stock, steps), storm(pair().lean, steps)]);
      await soon(async () => (await pair().lean.calls()) === 0);
    }),
    options,
  );
  await same(pair(), (side) => calling("grpc")(side, "once", [{ text: "alive" }]));
});
