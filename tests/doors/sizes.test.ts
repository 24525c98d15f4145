// At the edges of what is read and told: the limit, one byte more, and what never ends.
import { afterAll, expect, test } from "vitest";
import { answerBytesMax, strangerBytesMax } from "../../server/runtime/listen/limits.ts";
import type { Outcome } from "./clients.ts";
import { calling } from "./clients.ts";
import type { Side } from "./doors.ts";
import { differs, expectLevel, same, settled, twoHubs } from "./doors.ts";
import type { Sent } from "./raw.ts";
import { asked, begin, bodyFor, envelope, exchange, pathTo, rawTo, types } from "./raw.ts";

const limit = 40_000;
const small = twoHubs({ values: { request_bytes_max: String(limit) } });
const large = twoHubs();
afterAll(async () => {
  await expectLevel(small());
  await expectLevel(large());
});

/** A request of so many bytes. */
function sized(bytes: number): Buffer {
  const empty = asked({ data: new Uint8Array(bytes) }).length - bytes;
  return asked({ data: new Uint8Array(bytes - empty) });
}

const kinds = [
  ["connect", "Once"],
  ["connectStream", "Many"],
  ["connectStream", "Gather"],
  ["grpc", "Once"],
  ["grpc", "Both"],
  ["web", "Once"],
  ["web", "Gather"],
] as const;

const each = kinds.flatMap(([type, method]) =>
  [-1, 0, 1].map((more) => ({ type, method, more, at: more > 0 ? "over" : "within" })),
);

test.each(each)("$more bytes beside the limit are $at it, to $method as $type", async (one) => {
  const body = bodyFor(types[one.type], sized(limit + one.more));
  expect(bodyFor(types.connect, sized(limit)).length).toBe(limit);
  const headers = { "content-type": types[one.type] };
  const sent = { path: pathTo(one.method), headers };
  const pieces = [body.subarray(0, 10), body.subarray(10, 20_000), body.subarray(20_000)];
  const declared = { ...headers, "content-length": body.length };
  const heard = [
    await same(small(), (side) => exchange(side, { ...sent, pieces })),
    await same(small(), (side) => exchange(side, { ...sent, headers: declared, pieces })),
    await same(small(), (side) => exchange(side, { ...sent, pieces: [body] })),
  ];
  const told = heard.map(({ headers, trailers, body }) =>
    JSON.stringify([headers, trailers, body]),
  );
  expect(told.map((text) => text.includes("LIMIT_EXCEEDED"))).toEqual(
    heard.map(() => one.more > 0),
  );
});

test.each(kinds)(
  "what is too long is refused though it never ends, as %s to %s",
  async (type, method) => {
    const body = bodyFor(types[type], sized(limit + 1));
    const path = pathTo(method);
    const headers = { "content-type": types[type] };
    const endless: Sent = { path, headers, pieces: [body], ends: false };
    await same(small(), (side) => exchange(side, endless));
    const declared = { ...headers, "content-length": body.length + 1 };
    await same(small(), (side) => exchange(side, { ...endless, headers: declared }));
  },
);

test.each(["connectStream", "grpc", "web"] as const)(
  "an envelope that says it is too long is refused before it comes, as %s",
  async (type) => {
    const headers = { "content-type": types[type] };
    for (const length of [limit + 1, 2 ** 31, 2 ** 32 - 1]) {
      const pieces = [envelope(Buffer.alloc(0), 0, length)];
      for (const method of ["Many", "Gather", "Both"]) {
        const sent = { path: pathTo(method), headers, pieces, ends: false };
        const heard = await same(small(), (side) => exchange(side, sent));
        expect(JSON.stringify(heard)).toContain("LIMIT_EXCEEDED");
      }
    }
  },
);

test("a second message may be no longer than the first", async () => {
  for (const type of ["connectStream", "grpc", "web"] as const) {
    const headers = { "content-type": types[type] };
    const pieces = [envelope(sized(limit)), envelope(sized(limit)), envelope(sized(limit + 1))];
    for (const method of ["Gather", "Both"]) {
      await same(small(), (side) => exchange(side, { path: pathTo(method), headers, pieces }));
    }
  }
});

test.each([0, 1])("a stranger's request with %d bytes more than it may have", async (more) => {
  const sent = { path: pathTo("Open"), headers: { authorization: "" } };
  for (const type of ["connect", "grpc", "web"] as const) {
    const pieces = [bodyFor(types[type], sized(strangerBytesMax + more))];
    const headers = { ...sent.headers, "content-type": types[type] };
    const heard = await same(large(), (side) => exchange(side, { ...sent, headers, pieces }));
    expect(JSON.stringify(heard).includes("LIMIT_EXCEEDED")).toBe(more > 0);
  }
});

test.each([0, 1])("an answer with %d bytes more than it may have", async (more) => {
  const size = answerBytesMax + more - 5;
  // What else is in an answer of a stream takes six bytes.
  const ways = { once: { size }, many: { size: size - 6, count: 1 } };
  for (const protocol of ["connect", "grpc"] as const) {
    for (const method of ["once", "many"] as const) {
      const run = (side: Side) => calling(protocol)(side, method, [ways[method]]);
      if (more === 0) expect((await same(large(), run)).error).toBeUndefined();
      else if (protocol === "connect" && method === "once") await same(large(), run);
      else await expectTooLarge(run);
    }
  }
});

async function expectTooLarge(run: (side: Side) => Promise<Outcome>): Promise<void> {
  const { stock, lean } = await differs(large(), "an answer too large", run);
  expect(codeOf(lean.error)).toBe(codeOf(stock.error));
  expect(JSON.stringify(lean)).toContain("LIMIT_EXCEEDED");
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code: string }).code;
}

test("a message over the window of stream and session, in both directions at once", async () => {
  const data = new Uint8Array(900_000).map((_, at) => at % 251);
  for (const protocol of ["connect", "grpc", "grpc-web"] as const) {
    const call = calling(protocol);
    const asks = Array.from({ length: 4 }, () => ({ data }));
    await same(large(), (side) => call(side, "both", asks));
    await same(large(), (side) => call(side, "once", [{ data }]));
    await same(large(), (side) => call(side, "gather", asks));
  }
});

test("many large calls of one session at once", async () => {
  const data = new Uint8Array(200_000).fill(3);
  await same(large(), async (side) => {
    const session = await rawTo(side);
    const headers = { "content-type": types.grpc };
    const sent = { path: pathTo("Once"), headers, pieces: [envelope(asked({ data }))] };
    const all = await Promise.all(Array.from({ length: 40 }, () => begin(session, sent).heard));
    session.destroy();
    return all.map(({ trailers, body }) => [trailers, body.length]);
  });
  await settled(large());
});
