// Bodies that no good client sends, or sends in other pieces: what both doors make of the bytes.
import { gzipSync } from "node:zlib";
import { create, toJsonString } from "@bufbuild/protobuf";
import { afterAll, expect, test } from "vitest";
import { differs, expectLevel, incidentsOf, same, twoHubs } from "./doors.ts";
import type { Heard, Sent } from "./raw.ts";
import { asked, bodyFor, envelope, exchange, pathTo, types } from "./raw.ts";
import { AskSchema } from "./schema.ts";

const pair = twoHubs();
const liars = twoHubs();
afterAll(async () => {
  await expectLevel(pair());
  await expectLevel(liars(), { figures: false });
});

type TypeName = keyof typeof types;
type Case = readonly [name: string, make: (type: TypeName) => Partial<Sent>];

const ask = { text: "héllo", data: Uint8Array.of(1, 2, 3), count: 2 };
const isJson = (type: TypeName) => type === "json" || type === "jsonStream";
const one = (type: TypeName) =>
  isJson(type) ? Buffer.from(toJsonString(AskSchema, create(AskSchema, ask))) : asked(ask);
const whole = (type: TypeName) => bodyFor(types[type], one(type));
const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
const gzipped = (type: TypeName, flags: number) => ({
  pieces: [
    bodyFor(types[type], Buffer.alloc(0)).length === 0
      ? gzipSync(one(type))
      : envelope(gzipSync(one(type)), flags),
  ],
});
const encodingHeader = (type: TypeName) =>
  type === "grpc" || type === "web"
    ? "grpc-encoding"
    : whole(type).length === one(type).length
      ? "content-encoding"
      : "connect-content-encoding";

/** Of every protocol. */
const anywhere: readonly Case[] = [
  ["one message", (type) => ({ pieces: [whole(type)] })],
  ["one byte in each frame", (type) => ({ pieces: bytewise(whole(type)) })],
  [
    "frames with nothing in them",
    (type) => ({ pieces: [[], whole(type), []].map((b) => Buffer.from(b)) }),
  ],
  ["no byte at all", () => ({ pieces: [] })],
  [
    "bytes that are no message",
    (type) => ({ pieces: [bodyFor(types[type], Buffer.from("\xff\xff\xff\xff\xff", "latin1"))] }),
  ],
  [
    "a message of a type that was left out",
    (type) => ({ pieces: [whole(type)], headers: { "content-type": undefined } }),
  ],
  [
    "an encoding that is named and not used",
    (type) => ({ pieces: [whole(type)], headers: { [encodingHeader(type)]: "gzip" } }),
  ],
  [
    "an encoding nobody knows",
    (type) => ({ pieces: [whole(type)], headers: { [encodingHeader(type)]: "rot13" } }),
  ],
  [
    "a message in gzip",
    (type) => ({ ...gzipped(type, 1), headers: { [encodingHeader(type)]: "gzip" } }),
  ],
  [
    "an encoding that is none",
    (type) => ({ pieces: [whole(type)], headers: { [encodingHeader(type)]: "identity" } }),
  ],
  [
    "encodings that would be taken",
    (type) => ({
      pieces: [whole(type)],
      headers: {
        "accept-encoding": "gzip, br",
        "grpc-accept-encoding": "gzip",
        "connect-accept-encoding": "gzip",
      },
    }),
  ],
  [
    "the length as it is",
    (type) => ({ pieces: [whole(type)], headers: { "content-length": whole(type).length } }),
  ],
  [
    "a version of the protocol that is not",
    (type) => ({ pieces: [whole(type)], headers: { "connect-protocol-version": "2" } }),
  ],
  ["a user's trailers", (type) => ({ pieces: [whole(type)], headers: { te: "trailers" } })],
];

/** Of those whose messages come in envelopes. */
const enveloped: readonly Case[] = [
  [
    "two messages in one frame",
    (type) => ({ pieces: [Buffer.concat([whole(type), whole(type)])] }),
  ],
  [
    "ten messages cut anywhere",
    (type) => ({ pieces: cut(Buffer.concat(Array.from({ length: 10 }, () => whole(type))), 7) }),
  ],
  ["an empty envelope", () => ({ pieces: [envelope(Buffer.alloc(0))] })],
  ["a head cut short", (type) => ({ pieces: [whole(type).subarray(0, 3)] })],
  ["a message cut short", (type) => ({ pieces: [whole(type).subarray(0, -1)] })],
  [
    "a second message cut short",
    (type) => ({ pieces: [whole(type), whole(type).subarray(0, -1)] }),
  ],
  ["a second head cut short", (type) => ({ pieces: [whole(type), Buffer.of(0, 0)] })],
  ["the compressed flag without an encoding", (type) => ({ pieces: [envelope(one(type), 1)] })],
  [
    "the end of a stream as Connect has it",
    (type) => ({ pieces: [whole(type), envelope(Buffer.from("{}"), 2)] }),
  ],
  [
    "an end that is no message",
    (type) => ({ pieces: [whole(type), envelope(Buffer.from("?"), 2)] }),
  ],
  [
    "trailers as gRPC-Web has them",
    (type) => ({ pieces: [whole(type), envelope(Buffer.from("a: b"), 128)] }),
  ],
  [
    "something after the end",
    (type) => ({ pieces: [envelope(Buffer.from("{}"), 2), whole(type)] }),
  ],
  ["the compressed flag on an empty message", () => ({ pieces: [envelope(Buffer.alloc(0), 1)] })],
  [
    "compressed, then not",
    (type) => ({
      pieces: [envelope(gzipSync(one(type)), 1), whole(type)],
      headers: { [encodingHeader(type)]: "gzip" },
    }),
  ],
];

function cut(bytes: Buffer, length: number): Buffer[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * length, (at + 1) * length));
}

const methods: Readonly<Record<TypeName, readonly string[]>> = {
  connect: ["Once", "Open"],
  json: ["Once", "Open"],
  connectStream: ["Many", "Gather", "Both"],
  jsonStream: ["Many", "Gather", "Both"],
  grpc: ["Once", "Many", "Gather", "Both"],
  web: ["Once", "Many", "Gather", "Both"],
};

const all = (Object.keys(types) as TypeName[]).flatMap((type) => {
  const cases = type === "connect" || type === "json" ? anywhere : [...anywhere, ...enveloped];
  return methods[type].flatMap((method) =>
    cases.map(([name, make]) => ({ type, method, name, make })),
  );
});

test.each(all)("$name, to $method as $type", async ({ type, method, make }) => {
  const { headers, ...rest } = make(type);
  const sent: Sent = {
    path: pathTo(method),
    ...rest,
    headers: { "content-type": types[type], ...headers },
  };
  const heard: Heard = await same(pair(), (side) => exchange(side, sent));
  expect(heard.headers[":status"] ?? heard.reset).toBeGreaterThan(0);
});

/** A flag that no protocol knows. */
const flags = [4, 8, 16, 32, 64, 3, 129, 255];

test.each(flags)("the flags %d", async (flags) => {
  for (const type of ["connectStream", "grpc", "web"] as const) {
    for (const method of ["Many", "Gather"]) {
      const sent = {
        path: pathTo(method),
        headers: { "content-type": types[type] },
        pieces: [envelope(one(type), flags)],
      };
      await same(pair(), (side) => exchange(side, sent));
    }
  }
});

test("a length that is too small is no incident of the house", async () => {
  for (const type of ["connect", "connectStream", "grpc", "web"] as const) {
    for (const method of methods[type]) {
      const headers = { "content-type": types[type], "content-length": 2 };
      const sent = { path: pathTo(method), headers, pieces: [whole(type)] };
      const heard = await same(liars(), (side) => exchange(side, sent));
      expect(heard.reset).toBeGreaterThan(0);
    }
  }
  const { stock, lean } = await differs(liars(), "a length that is a lie", (side) =>
    Promise.resolve(incidentsOf(side)),
  );
  expect(stock).toBeGreaterThan(0);
  expect(lean).toBe(0);
});
