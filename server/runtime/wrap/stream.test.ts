import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { BatchSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  EventService,
  PublishStreamRequestSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { nodeUri, person, startBareHub } from "../../../tests/support/hub.bare.ts";
import type { Protocol } from "../../../tests/support/wire.ts";
import { nodeTransport, webTransport } from "../../../tests/support/wire.ts";
import { fastWorld } from "../../../tests/support/world.fast.ts";
import { slowTimes, until } from "../../../tests/support/until.ts";

const batch = create(BatchSchema, {
  events: [Uint8Array.of(1)],
  keyId: new Uint8Array(8),
  signature: new Uint8Array(64),
});
const live = new Set<string>();
const taken: number[] = [];

/** Tells one snapshot, then nothing, whatever its signal says. */
const nodes = column(NodeService, {
  async *watchNodes(request, { signal }) {
    const name = `watch ${request.afterCursor}`;
    live.add(name);
    try {
      yield { item: { case: "snapshot", value: { nodes: [], last: true, cursor: 1n } } };
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      live.delete(name);
    }
  },
});

const events = column(EventService, {
  async *subscribe(request, { signal }) {
    live.add("flood");
    try {
      const cursor = request.afterCursor ?? 0n;
      const reason = "x".repeat(64_000);
      while (!signal.aborted) {
        yield { item: { case: "gap", value: { fromCursor: cursor, toCursor: cursor, reason } } };
      }
    } finally {
      live.delete("flood");
    }
  },
  async publishStream(requests) {
    live.add("publish");
    try {
      for await (const request of requests) taken.push(request.batch?.events.length ?? -1);
      return { accepted: BigInt(taken.length) };
    } finally {
      live.delete("publish");
    }
  },
});

let hub: BareHub;
beforeAll(async () => {
  const world = fastWorld(20);
  hub = await startBareHub({ capabilities: [nodes, events], world, values: { drain_ms: "60000" } });
});
afterAll(() => hub.running.stop());

const protocols: readonly Protocol[] = ["connect", "grpc"];

function reasonOf(error: unknown): string | undefined {
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason;
}

async function firstOf<T>(stream: AsyncIterable<T>): Promise<AsyncIterator<T>> {
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  return iterator;
}

test.each(protocols)(
  "a client that leaves an idle stream leaves no handler over %s",
  async (protocol) => {
    const client = createClient(NodeService, await nodeTransport(hub, "n1", { protocol }));
    const stop = new AbortController();
    const stream = await firstOf(client.watchNodes({ afterCursor: 1n }, { signal: stop.signal }));
    expect(live).toContain("watch 1");
    stop.abort();
    await expect(stream.next()).rejects.toThrow(/abort|cancel|hung up|closed|destroyed|reset/i);
    await until(() => expect(live).toEqual(new Set()));
  },
);

test.each(["1.1", "2"] as const)(
  "a reader that stops reading and leaves, leaves no handler over HTTP/%s",
  async (httpVersion) => {
    const client = createClient(EventService, webTransport(hub, { httpVersion }));
    const stop = new AbortController();
    await firstOf(client.subscribe({}, { signal: stop.signal }));
    expect(live).toContain("flood");
    stop.abort();
    await until(() => expect(live).toEqual(new Set()));
  },
);

test("a cut session ends its streams within a second", async () => {
  const client = createClient(NodeService, await nodeTransport(hub, "cut"));
  const stream = await firstOf(client.watchNodes({ afterCursor: 2n }));
  const startMs = performance.now();
  expect(hub.hub.sessions.cut(nodeUri("cut"))).toBe(1);
  await expect(stream.next()).rejects.toThrow(/abort|cancel|hung up|closed|destroyed|reset/i);
  await until(() => expect(live).toEqual(new Set()));
  expect(performance.now() - startMs).toBeLessThan(1_000 * slowTimes);
});

test.each(protocols)(
  "each message of a stream is checked against the schema over %s",
  async (protocol) => {
    const client = createClient(EventService, await nodeTransport(hub, "n2", { protocol }));
    async function* batches() {
      yield create(PublishStreamRequestSchema, { batch });
      yield create(PublishStreamRequestSchema, {});
    }
    const error = await client.publishStream(batches()).catch((error: unknown) => error);
    expect(ConnectError.from(error).code).toBe(Code.InvalidArgument);
    expect(reasonOf(error)).toBe("INVALID_REQUEST");
    await until(() => expect(live).toEqual(new Set()));
  },
);

test("revoking a node ends its stream at the next message, both ways", async () => {
  const transport = await nodeTransport(hub, "revoked");
  const client = createClient(EventService, transport);
  const gate = Promise.withResolvers<void>();
  async function* batches() {
    yield create(PublishStreamRequestSchema, { batch });
    await gate.promise;
    yield create(PublishStreamRequestSchema, { batch });
    await new Promise(() => undefined);
  }
  const before = taken.length;
  const published = client.publishStream(batches()).catch((error: unknown) => error);
  const heard = client.subscribe({})[Symbol.asyncIterator]();
  await heard.next();
  await until(() => expect(taken.length).toBe(before + 1));
  hub.revoked.add(nodeUri("revoked"));
  gate.resolve();
  expect(reasonOf(await published)).toBe("NOT_AUTHENTICATED");
  expect(taken.length).toBe(before + 1);
  const end = await drained(heard);
  expect(reasonOf(end)).toBe("NOT_AUTHENTICATED");
  await until(() => expect(live).toEqual(new Set()));
});

test("a stream ends when the certificate it came with does", async () => {
  const client = createClient(
    EventService,
    await nodeTransport(hub, "short", { lifetimeMs: 4_000 }),
  );
  const end = await drained(client.subscribe({})[Symbol.asyncIterator]());
  expect(reasonOf(end)).toBe("CERTIFICATE_EXPIRED");
});

test("a stream of a person ends after they signed out", async () => {
  hub.sessions.set("brief-secret", person("brief", Role.OBSERVER));
  const client = createClient(EventService, webTransport(hub, { secret: "brief-secret" }));
  const stream = await firstOf(client.subscribe({}));
  hub.sessions.delete("brief-secret");
  expect(reasonOf(await drained(stream))).toBe("SESSION_ENDED");
});

/** Reads to the end, and returns what it ended with. */
async function drained(stream: AsyncIterator<unknown>): Promise<unknown> {
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return undefined;
    }
  } catch (error) {
    return error;
  }
}

test("a publisher over its rate is slowed down, not cut", async () => {
  await using slow = await startBareHub({
    capabilities: [events],
    values: { publish_rate: "600" },
    world: fastWorld(20),
  });
  const client = createClient(EventService, await nodeTransport(slow, "eager"));
  async function* batches() {
    for (let n = 0; n < 400; n++) {
      yield create(PublishStreamRequestSchema, { batch });
    }
  }
  const before = taken.length;
  const startMs = performance.now();
  await client.publishStream(batches());
  expect(taken.length).toBe(before + 400);
  // 299 at once with the opening, the other 101 at 100 ms, twenty times as fast.
  expect(performance.now() - startMs).toBeGreaterThan(450);
});

test("draining tells streams to reconnect, and ends once they have", async () => {
  const draining = await startBareHub({ capabilities: [nodes, events] });
  const transport = await nodeTransport(draining, "n3", { protocol: "connect" });
  const watch = await firstOf(createClient(NodeService, transport).watchNodes({ afterCursor: 3n }));
  const page = webTransport(draining);
  const pageWatch = await firstOf(createClient(NodeService, page).watchNodes({ afterCursor: 4n }));
  async function* batches() {
    yield create(PublishStreamRequestSchema, { batch });
    await new Promise(() => undefined);
  }
  const before = taken.length;
  const publishing = createClient(EventService, transport)
    .publishStream(batches())
    .catch((error: unknown) => error);
  await until(() => expect(taken.length).toBe(before + 1));
  const stopped = draining.running.stop();
  for (const stream of [watch, pageWatch]) {
    expect(await stream.next()).toMatchObject({ value: { item: { case: "reconnect" } } });
    expect((await stream.next()).done).toBe(true);
  }
  expect(reasonOf(await publishing)).toBe("DRAINING");
  const startMs = performance.now();
  await stopped;
  expect(performance.now() - startMs).toBeLessThan(900);
  expect(live).toEqual(new Set());
});
