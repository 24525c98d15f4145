// How calls fail: code, words, details and metadata, the same by both doors.
import { explanationOf, allReasons } from "@foedus/kernel/fault.ts";
import { afterAll, expect, test } from "vitest";
import { callingGrpcJs, grpcClientOf } from "./clients.grpc.ts";
import type { Caller, MethodName } from "./clients.ts";
import { calling } from "./clients.ts";
import { expectLevel, same, twoHubs } from "./doors.ts";
import type { AskInit } from "./schema.ts";

const pair = twoHubs();
afterAll(async () => {
  await expectLevel(pair());
  for (const side of [pair().stock, pair().lean]) grpcClientOf(side).close();
});

const clients: readonly (readonly [string, Caller])[] = [
  ["connect", calling("connect")],
  ["connect json", calling("connect json")],
  ["grpc", calling("grpc")],
  ["grpc-web", calling("grpc-web")],
  ["connect 1.1", calling("connect 1.1")],
  ["grpc-js", callingGrpcJs],
];

/** The first reason of each code. */
const reasons = new Map(
  allReasons()
    .toReversed()
    .map((reason) => [explanationOf(reason).code, reason]),
);

const words = 'fällt \u{1f600} 100 % & "so"\n weiter';

/** Fails in a method of each kind, of streams after two answers. */
const ways: readonly (readonly [MethodName, (reason: number) => AskInit])[] = [
  ["once", (reason) => ({ act: "fault", count: reason, text: words })],
  ["decide", (reason) => ({ act: "fault", count: reason, text: words })],
  ["many", (reason) => ({ act: "fault", big: BigInt(reason), count: 2, text: words })],
  ["many", (reason) => ({ act: "fault", big: BigInt(reason), text: words })],
  ["gather", (reason) => ({ act: "fault", count: reason, text: words })],
  ["both", (reason) => ({ act: "fault", big: BigInt(reason), text: words })],
];

const isPossible = (client: string, method: MethodName) =>
  !(client === "connect 1.1" && (method === "both" || method === "gather"));

test.each(clients)("each code by %s", async (name, call) => {
  for (const [method, make] of ways.filter(([method]) => isPossible(name, method))) {
    for (const reason of reasons.values()) {
      const { error } = await same(pair(), (side) => call(side, method, [make(reason)]));
      expect(error).toBeDefined();
    }
  }
});

test.each(clients)(
  "a bug is an incident, and its words stay in the house, by %s",
  async (_, call) => {
    for (const method of ["once", "decide", "many"] as const) {
      const ask = { act: "bug", count: 2 };
      const { error } = await same(pair(), (side) => call(side, method, [ask]));
      expect(JSON.stringify(error)).toContain("inc_x");
      expect(JSON.stringify(error)).not.toContain("secret");
    }
  },
);

test.each(clients)("an error of Connect's own, with metadata, by %s", async (_, call) => {
  for (let code = 1; code <= 17; code++) {
    const ask = { act: "raw", count: code, text: words };
    await same(pair(), (side) => call(side, "once", [ask]));
    const late = { act: "raw", big: BigInt(code), count: 2, text: words };
    await same(pair(), (side) => call(side, "many", [late]));
  }
});

test.each(clients)("headers long and odd, by %s", async (_, call) => {
  const ask = { text: "a".repeat(3_000), big: -1n };
  await same(pair(), (side) => call(side, "once", [ask], { headers: { "x-odd": " spaced  " } }));
  const long = { headers: { "x-long": "y".repeat(8_000), "x-many": "a, b" } };
  await same(pair(), (side) => call(side, "once", [{ act: "seen" }], long));
});
