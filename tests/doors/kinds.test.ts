// Every kind of method over every protocol, by every client: both doors answer alike.
import { Client } from "@grpc/grpc-js";
import { afterAll, expect, test } from "vitest";
import { callingGrpcJs, grpcClientOf } from "./clients.grpc.ts";
import type { Caller, MethodName } from "./clients.ts";
import { calling } from "./clients.ts";
import { expectLevel, same, twoHubs } from "./doors.ts";
import type { AskInit } from "./schema.ts";

const pair = twoHubs();
afterAll(async () => {
  await expectLevel(pair());
  for (const side of [pair().stock, pair().lean]) Client.prototype.close.call(grpcClientOf(side));
});

const clients: readonly (readonly [string, Caller])[] = [
  ["connect", calling("connect")],
  ["connect json", calling("connect json")],
  ["connect get", calling("connect get")],
  ["connect 1.1", calling("connect 1.1")],
  ["grpc", calling("grpc")],
  ["grpc json", calling("grpc json")],
  ["grpc-web", calling("grpc-web")],
  ["grpc-web json", calling("grpc-web json")],
  ["grpc-web 1.1", calling("grpc-web 1.1")],
  ["grpc-js", callingGrpcJs],
];

const full: AskInit = {
  text: "héllo 中文 \u{1f600} \u0000 %",
  data: Uint8Array.of(0, 1, 255),
  count: 3,
  big: -9_007_199_254_740_993n,
};

const cases: readonly (readonly [string, MethodName, readonly AskInit[], number])[] = [
  ["a unary call", "once", [full], 1],
  ["an empty unary call", "once", [{}], 1],
  ["a unary answer with more than scalars", "open", [full], 1],
  ["a unary answer of 300,000 bytes", "once", [{ size: 300_000 }], 1],
  ["headers and trailers", "once", [{ act: "headers", text: "t" }], 1],
  ["what a handler sees", "once", [{ act: "seen" }], 1],
  ["a stream of answers", "many", [{ ...full, size: 100 }], 3],
  ["a stream of no answer", "many", [{ count: 0 }], 0],
  ["a stream of empty answers", "many", [{ count: 5 }], 5],
  ["a stream of large answers", "many", [{ count: 3, size: 200_000 }], 3],
  ["a stream with headers and trailers", "many", [{ act: "headers", count: 2 }], 2],
  ["a stream of no answer, with headers", "many", [{ act: "headers" }], 0],
  ["a stream of requests", "gather", [full, { data: new Uint8Array(1000) }, full], 1],
  ["a stream of no request", "gather", [], 1],
  ["a stream of empty requests", "gather", [{}, {}, {}], 1],
  ["a stream of requests that is left", "gather", [{}, { act: "stop" }, {}, {}], 1],
  ["both streams", "both", [full, { text: "second" }, { count: 2, size: 10 }], 7],
  ["both streams with nothing in them", "both", [], 1],
];

/** Two streams at a time need HTTP/2, which connect-node finds out by itself. */
const isPossible = (client: string, method: MethodName) =>
  !(client.endsWith("1.1") && (method === "both" || method === "gather"));

const all = clients.flatMap(([client, call]) =>
  cases
    .filter(([, method]) => isPossible(client, method))
    .map(([name, method, asks, count]) => ({ client, call, name, method, asks, count })),
);

test.each(all)("$name by $client", async ({ call, method, asks, count }) => {
  const outcome = await same(pair(), (side) => call(side, method, asks));
  expect(outcome.error).toBeUndefined();
  expect(outcome.messages).toHaveLength(count);
});
