import { create } from "@bufbuild/protobuf";
import { NodeStateChangedSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { HealthStatus, NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { HeartbeatRequestSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { fact } from "@foedus/kernel/change.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { shifted } from "../../../tests/support/shifted.ts";
import { openTestStorage, silentLog } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { turnDays } from "../../runtime/storage/days.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import { openTails } from "../../runtime/storage/tail.ts";
import { heartbeatWriter } from "./heartbeat.store.ts";
import { saveNodes } from "./node.row.store.ts";
import { nodeStore } from "./node.store.ts";
import { openPulses } from "./pulse.loop.ts";
import type { WatchKit } from "./watch.rpc.ts";
import { watchNodes } from "./watch.rpc.ts";

let url = "";
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let kit: WatchKit;
beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url);
  kit = {
    storage,
    store: nodeStore(storage),
    tails: openTails(storage, "outbox", silentLog),
    pulses: openPulses({ storage }),
  };
});
afterAll(() => storage.close());

const dayMs = 86_400_000;

/** Changes nodes and tells it, as a decision would. */
async function change(over: Storage, tenant: TenantId, nodes: readonly Node[]): Promise<void> {
  await over.tenant(tenant, async (tx) => {
    await saveNodes(tx, nodes);
    await tell(
      tx,
      nodes.map((node) => fact(NodeStateChangedSchema, node.id, { node })),
    );
  });
}

function nodeOf(id: string, state = NodeState.ONLINE): Node {
  return create(NodeSchema, { id, name: id, state });
}

function watch(tenant: TenantId, after?: bigint, over = kit) {
  const ending = new AbortController();
  const items = watchNodes(over, tenant, after, ending.signal);
  const any = async () => {
    const step = await items.next();
    return step.done === true ? undefined : lineOf(step.value);
  };
  /** The next item that says more than that the hub is there. */
  const next = async () => {
    for (;;) {
      const line = await any();
      if (line !== quiet) return line;
    }
  };
  return { items, any, next, end: () => ending.abort() };
}

const quiet = "pulses ";

function lineOf({
  item,
}: Awaited<ReturnType<ReturnType<typeof watchNodes>["next"]>>["value"] & object) {
  switch (item?.case) {
    case "snapshot": {
      const { nodes = [], last, cursor } = item.value;
      return `snapshot ${nodes.map(({ id }) => id).join()} ${last} ${cursor}`;
    }
    case "changed":
      return `changed ${item.value.node?.id} ${item.value.node?.state} ${item.value.cursor}`;
    case "pulses":
      return `pulses ${item.value.pulses
        ?.map(({ nodeId }) => nodeId)
        .toSorted()
        .join()}`;
    case "gap":
      return `gap ${item.value.fromCursor}-${item.value.toCursor}`;
    default:
      return `${item?.case}`;
  }
}

test("first the nodes as they are, then each change, without the retired", async () => {
  const tenant = newTenant();
  await change(storage, tenant, [nodeOf("a"), nodeOf("b"), nodeOf("c", NodeState.RETIRED)]);
  const eye = watch(tenant);
  expect(await eye.next()).toBe("snapshot a,b true 3");
  await change(storage, tenant, [nodeOf("b", NodeState.OFFLINE)]);
  expect(await eye.next()).toBe("changed b 3 4");
  eye.end();
  expect(await eye.next()).toBeUndefined();
});

test("it says that the hub is there: at once, and after 15 s of silence", async () => {
  const tenant = newTenant();
  await change(storage, tenant, [nodeOf("a")]);
  let aheadMs = 0;
  const { world } = storage;
  const monotonic = () => world.clock.monotonic() + aheadMs;
  const later = { ...storage, world: { ...world, clock: { ...world.clock, monotonic } } };
  const eye = watch(tenant, 1n, { ...kit, storage: later });
  expect(await eye.any()).toBe(quiet);
  const second = eye.any();
  aheadMs = 15_000;
  expect(await second).toBe(quiet);
  eye.end();
});

test("a large federation comes in parts of 200, and only the last names the cursor", async () => {
  const tenant = newTenant();
  const ids = Array.from({ length: 450 }, (_, n) => `n${String(n).padStart(3, "0")}`);
  await change(
    storage,
    tenant,
    ids.map((id) => nodeOf(id)),
  );
  const eye = watch(tenant);
  const parts = [await eye.next(), await eye.next(), await eye.next()];
  expect(parts.map((part) => part?.split(" ").slice(2))).toEqual([
    ["false", "0"],
    ["false", "0"],
    ["true", "450"],
  ]);
  expect(parts.flatMap((part) => part?.split(" ")[1]?.split(","))).toEqual(ids);
  eye.end();
});

test.each([1_000, 1_001])(
  "all of %i nodes come, each once, and one part is the last",
  async (count) => {
    const tenant = newTenant();
    const ids = Array.from({ length: count }, (_, n) => `n${String(n).padStart(4, "0")}`);
    await change(
      storage,
      tenant,
      ids.map((id) => nodeOf(id)),
    );
    const eye = watch(tenant);
    const parts = [];
    do parts.push((await eye.next())?.split(" ") ?? []);
    while (parts.at(-1)?.[2] === "false");
    expect(parts.map((part) => part[2])).toEqual([
      ...Array.from({ length: Math.ceil(count / 200) - 1 }, () => "false"),
      "true",
    ]);
    expect(parts.flatMap((part) => part[1]?.split(","))).toEqual(ids);
    eye.end();
  },
);

test("changes that follow one another closely are read together, ten times a second", async () => {
  const tenant = newTenant();
  await change(storage, tenant, [nodeOf("a")]);
  let reads = 0;
  const byIds: WatchKit["store"]["byIds"] = (...of) => ((reads += 1), kit.store.byIds(...of));
  const eye = watch(tenant, 1n, { ...kit, store: { ...kit.store, byIds } });
  const startMs = storage.world.clock.monotonic();
  const heard = (async () => {
    for (let n = 0; n < 20; n++) expect(await eye.next()).toMatch(`changed n${n} `);
  })();
  for (let n = 0; n < 20; n++) await change(storage, tenant, [nodeOf(`n${n}`)]);
  await heard;
  const tookMs = storage.world.clock.monotonic() - startMs;
  expect(reads).toBeLessThanOrEqual(2 + tookMs / 100);
  eye.end();
});

test("no node is a snapshot too", async () => {
  const eye = watch(newTenant());
  expect(await eye.next()).toBe("snapshot  true 0");
  eye.end();
});

test("it resumes from a cursor: each changed node once, as it is now", async () => {
  const tenant = newTenant();
  await change(storage, tenant, [nodeOf("a")]);
  await change(storage, tenant, [nodeOf("a", NodeState.DEGRADED)]);
  await change(storage, tenant, [nodeOf("b")]);
  await change(storage, tenant, [nodeOf("a", NodeState.OFFLINE)]);
  const eye = watch(tenant, 1n);
  expect([await eye.next(), await eye.next()]).toEqual(["changed b 1 3", "changed a 3 4"]);
  eye.end();
});

test("a cursor ahead of the log, or behind what is kept, is a gap and a snapshot", async () => {
  const tenant = newTenant();
  const past = shifted(storage, -3 * dayMs);
  await turnDays(past, "outbox", 30);
  await turnDays(storage, "outbox", 30);
  await change(past, tenant, [nodeOf("a")]);
  await change(past, tenant, [nodeOf("b")]);
  await change(storage, tenant, [nodeOf("c")]);
  const ahead = watch(tenant, 9n);
  expect([await ahead.next(), await ahead.next()]).toEqual(["gap 4-9", "snapshot a,b,c true 3"]);
  await turnDays(storage, "outbox", 1);
  const behind = watch(tenant, 0n);
  expect([await behind.next(), await behind.next()]).toEqual(["gap 1-2", "snapshot a,b,c true 3"]);
  await change(storage, tenant, [nodeOf("a", NodeState.OFFLINE)]);
  expect([await ahead.next(), await behind.next()]).toEqual(["changed a 3 4", "changed a 3 4"]);
  ahead.end();
  behind.end();
});

test("heartbeats come gathered, of whichever hub took them, each node once", async () => {
  const tenant = newTenant();
  await using other = await openTestStorage(url);
  await change(storage, tenant, [nodeOf("a"), nodeOf("b")]);
  const eye = watch(tenant);
  expect(await eye.next()).toMatch(/^snapshot/);
  const heard = eye.next();
  const writers = { a: heartbeatWriter(storage), b: heartbeatWriter(other) };
  const beats = [1n, 2n, 3n].flatMap((sequence) =>
    (["a", "b"] as const).map((nodeId) => {
      const request = create(HeartbeatRequestSchema, {
        epoch: 1n,
        sequence,
        health: HealthStatus.HEALTHY,
      });
      const receivedMs = storage.nowMs();
      const beat = { tenant, nodeId, receivedMs, leaseMs: 15_000, skewMs: undefined, request };
      return writers[nodeId].add(beat);
    }),
  );
  await Promise.all(beats);
  expect(await heard).toBe("pulses a,b");
  eye.end();
});

test("whoever leaves is forgotten, and a slow one holds only a cursor", async () => {
  const tenant = newTenant();
  let open = 0;
  const count = <T extends { close(): void }>(reader: T): T => {
    open += 1;
    return { ...reader, close: () => ((open -= 1), reader.close()) };
  };
  const counting: WatchKit = {
    ...kit,
    tails: (of) => count(kit.tails(of)),
    pulses: (of) => count(kit.pulses(of)),
  };
  await change(storage, tenant, [nodeOf("a"), nodeOf("b")]);
  const [slow, closed] = [watch(tenant, undefined, counting), watch(tenant, undefined, counting)];
  await Promise.all([slow.next(), closed.next()]);
  expect(open).toBe(4);
  await closed.items.return();
  for (let n = 0; n < 50; n++) {
    await change(storage, tenant, [
      nodeOf("a", n % 2 === 0 ? NodeState.OFFLINE : NodeState.ONLINE),
    ]);
  }
  const end = kit.tails(tenant);
  await end.grown(51n, 10_000, new AbortController().signal);
  // Fifty changes of one node are one by the time it looks.
  expect(await slow.next()).toBe("changed a 1 52");
  end.close();
  const waiting = slow.next();
  slow.end();
  expect(await waiting).toBeUndefined();
  expect(open).toBe(0);
});
