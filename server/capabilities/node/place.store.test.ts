import { randomUUID } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeProfileSchema, NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { sha256 } from "@foedus/kernel/digest.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { cloneDatabase, onDatabase, runStatement } from "../../../tests/support/database.ts";
import { personOf } from "../../../tests/support/joined.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { newTenant } from "../../../tests/support/tenant.ts";
import { migrate } from "../../runtime/storage/migrate.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { NodeStore } from "./node.store.ts";
import { nodeStore, retireNodes } from "./node.store.ts";
import { placeOf } from "./place.ts";

let url = "";
let storage: Awaited<ReturnType<typeof openTestStorage>>;
let nodes: NodeStore;
beforeAll(async () => {
  ({ url } = await cloneDatabase());
  storage = await openTestStorage(url, { connectionsMax: 8 });
  nodes = nodeStore(storage);
});
afterAll(() => storage.close());

let made = 0;

function identityOf(nodeId: string) {
  return create(IdentitySchema, { nodeId, name: nodeId, role: Role.MEMBER });
}

/** Ids grow, as those of nodes do. */
function newId(): string {
  made += 1;
  return `node_${String(made).padStart(6, "0")}`;
}

function registerAs(store: NodeStore, tenant: TenantId, id: string, project: string) {
  const caller = { ...personOf(Role.ADMIN), tenant };
  const requestId = randomUUID();
  const method = "foedus.node.v1.NodeService/RegisterNode";
  const write = { caller, method, requestId, requestHash: sha256(requestId), answersSecret: false };
  return store.register(write, identityOf(id), create(NodeProfileSchema, { project }));
}

function come(tenant: TenantId, project = "", id = newId()): Promise<Node> {
  return registerAs(nodes, tenant, id, project);
}

function leave(tenant: TenantId, ...ids: string[]): Promise<void> {
  return storage.tenant(tenant, (tx) => retireNodes(tx, ids.map(identityOf)));
}

function spot({ place }: Node): string {
  return `${place?.x},${place?.y}`;
}

function spotOf(slot: number): string {
  return spot(create(NodeSchema, { place: placeOf(slot) }));
}

test("strangers take one slot after the other, in every tenant from the first", async () => {
  for (const tenant of [newTenant(), newTenant()]) {
    for (let slot = 0; slot < 4; slot++) expect(spot(await come(tenant))).toBe(spotOf(slot));
  }
});

test("a place is kept: through registrations, in every answer, and once the node is out", async () => {
  const tenant = newTenant();
  const [first, second] = [await come(tenant, "a"), await come(tenant, "b")];
  const moved = await come(tenant, "b", first.id);
  expect(moved).toMatchObject({ place: first.place, profile: { project: "b" } });
  await leave(tenant, first.id);
  const retired = await nodes.find(tenant, first.id);
  expect(retired).toMatchObject({ place: first.place, state: NodeState.RETIRED });
  const wish = { after: undefined, size: 10 };
  expect(await nodes.list(tenant, wish, [NodeState.OFFLINE])).toEqual([second]);
  expect(await nodes.part(tenant, "", 10)).toEqual([second]);
});

test("the slot of whoever is out goes to the next, the lowest first", async () => {
  const tenant = newTenant();
  const there = [];
  for (let n = 0; n < 6; n++) there.push(await come(tenant));
  await leave(tenant, ...there.slice(2, 5).map(({ id }) => id));
  const next = [await come(tenant), await come(tenant), await come(tenant), await come(tenant)];
  expect(next.map(spot)).toEqual([2, 3, 4, 6].map(spotOf));
});

test("a project's nodes stand beside each other, whoever came between", async () => {
  const tenant = newTenant();
  const [first] = [await come(tenant, "a"), await come(tenant, "b"), await come(tenant)];
  const second = await come(tenant, "a");
  expect([first, second].map(spot)).toEqual([0, 3].map(spotOf));
});

test("twenty at once, of one project or of none, at two hubs: all are in, no two in one place", async () => {
  const tenant = newTenant();
  await using other = await openTestStorage(url, { connectionsMax: 8 });
  const stores = [nodes, nodeStore(other)];
  const coming = Array.from({ length: 40 }, (_, n) => {
    const store = stores[n % 2] ?? nodes;
    return registerAs(store, tenant, newId(), n % 4 < 2 ? "" : "same");
  });
  const places = (await Promise.all(coming)).map(spot);
  expect(new Set(places).size).toBe(40);
});

test("while some come others leave, and nobody waits in a circle", async () => {
  const tenant = newTenant();
  const there = await Promise.all(Array.from({ length: 20 }, () => come(tenant)));
  await Promise.all(there.flatMap(({ id }) => [leave(tenant, id), come(tenant)]));
  const now = await nodes.part(tenant, "", 100);
  expect(now.length).toBe(20);
  expect(new Set(now.map(spot)).size).toBe(20);
});

test("a map that is full for hundreds of slots around is searched to its end", async () => {
  const tenant = newTenant();
  await fill(storage, tenant, 700, "big");
  expect(spot(await come(tenant))).toBe(spotOf(700));
  const near = (await come(tenant, "big")).place;
  const [x, y] = [near?.x ?? 0, near?.y ?? 0];
  const slots = Array.from({ length: 900 }, (_, slot) => placeOf(slot));
  expect(slots.findIndex((place) => place.x === x && place.y === y)).toBeGreaterThan(700);
});

/** Many nodes at once, in the first slots. */
async function fill(over: Storage, tenant: TenantId, count: number, project: string) {
  const profile = create(NodeProfileSchema, { project });
  const all = Array.from({ length: count }, () => {
    const id = newId();
    return create(NodeSchema, { id, name: id, profile, state: NodeState.OFFLINE });
  });
  const rows = all.map((node, slot) => {
    const body = Buffer.from(toBinary(NodeSchema, node)).toString("hex");
    return `('${tenant}', '${node.id}', '${node.id}', '${project}', 3, ${slot}, '\\x${body}')`;
  });
  const columns = "tenant_id, id, name, project, state, map_slot, body";
  await over.tenant(tenant, () =>
    runStatement(url, `insert into node (${columns}) values ${rows.join()}`),
  );
}

test("a database of the release before gets its nodes' places in the order of joining", async () => {
  const adminUrl = inject("adminUrl");
  const name = `upgraded_${randomUUID().replaceAll("-", "")}`;
  await runStatement(adminUrl, `create database ${name}`);
  const upgraded = onDatabase(adminUrl, name);
  await migrate(upgraded, "0017_learning");
  const tenant = newTenant();
  const [out, off] = [NodeState.RETIRED, NodeState.OFFLINE];
  const before: [string, NodeState][] = [
    ["n3", off],
    ["n1", off],
    ["n0", out],
    ["n2", off],
  ];
  const row = ([id, state]: (typeof before)[number]) => {
    const body = Buffer.from(toBinary(NodeSchema, create(NodeSchema, { id, name: id, state })));
    return `('${tenant}', '${id}', '${id}', ${state}, '\\x${body.toString("hex")}')`;
  };
  const insert = "insert into node (tenant_id, id, name, state, body) values";
  await runStatement(upgraded, `${insert} ${before.map(row).join()}`);
  await migrate(upgraded);
  await using later = await openTestStorage(upgraded);
  const store = nodeStore(later);
  const places = ["n1", "n2", "n3", "n0"].map(async (id) => spot(await store.find(tenant, id)));
  expect(await Promise.all(places)).toEqual([0, 1, 2, 0].map(spotOf));
  expect(spot(await registerAs(store, tenant, "n4", ""))).toBe(spotOf(3));
  // A hub of the release before that still runs writes rows without a slot.
  await runStatement(upgraded, `${insert} ${row(["n5", off])}`);
  expect((await store.find(tenant, "n5")).place).toBeUndefined();
  expect(spot(await registerAs(store, tenant, "n5", ""))).toBe(spotOf(4));
  expect(await rowsOf(upgraded, "select 1 from node where map_slot is null")).toEqual([]);
});
