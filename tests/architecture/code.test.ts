import { Code } from "@connectrpc/connect";
import { ReasonSchema } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { explanationOf } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { callerOffences, clockOffences, sqlOffences, thrownReasons } from "./code.ts";
import { reasonOffences } from "./schema.ts";
import { readMigrations, readSources } from "./tree.ts";

/** Who has checked a certificate, a session, the config or a row of our own before it says so. */
const provesTenants = new Set([
  "server/capabilities/access/ended.store.ts",
  "server/capabilities/identity/directory.store.ts",
  "server/capabilities/identity/tenant.rpc.ts",
  "server/capabilities/identity/token.store.ts",
  "server/capabilities/learning/learning.store.ts",
  "server/capabilities/link/peer.store.ts",
  "server/capabilities/node/liveness.store.ts",
  "server/capabilities/person/index.ts",
  "server/capabilities/person/link.store.ts",
  "server/capabilities/person/session.store.ts",
  "server/capabilities/sync/key.ts",
  "server/capabilities/sync/mark.store.ts",
  "server/capabilities/task/relay.up.book.flow.ts",
  "server/capabilities/task/schedule.loop.ts",
  "server/capabilities/task/tally.loop.ts",
  "server/capabilities/task/watch.loop.ts",
  "server/capabilities/tenant/tenant.rpc.ts",
  "server/kernel/tenant.ts",
  "server/runtime/storage/follow.ts",
  "server/runtime/storage/hear.ts",
  "server/uplink/aggregate.ts",
]);

const codes = Object.keys(Code).map((name) =>
  name.replaceAll(/(?<=[a-z])([A-Z])/g, "_$1").toUpperCase(),
);
const codeOf = (reason: number) => explanationOf(reason).code;

test("SQL stands in stores and in runtime/storage", () => {
  expect(sqlOffences(readSources())).toEqual([]);
});

test("no store and no migration reads the database's clock", () => {
  expect(clockOffences([...readSources(), ...readMigrations()])).toEqual([]);
});

test("a tenant is proved in a few known places", () => {
  expect(callerOffences(readSources(), "tenantProved", provesTenants)).toEqual([]);
});

test("every reason is thrown somewhere, and has a status code", () => {
  const thrown = thrownReasons(readSources());
  expect(reasonOffences(ReasonSchema, codeOf, codes, thrown)).toEqual([]);
});

test.each([
  "sql`select * from node where id = ${id}`",
  "'delete from node'",
  "`with h as (select 1) select * from h`",
  "`update node set name = ''`",
  'import pg from "pg"',
])("%s outside a store is found", (text) => {
  const path = "server/capabilities/node/node.rpc.ts";
  expect(sqlOffences([{ path, text }])).toHaveLength(1);
  expect(sqlOffences([{ path: "server/capabilities/node/node.store.ts", text }])).toEqual([]);
  expect(sqlOffences([{ path: "server/runtime/storage/a.ts", text }])).toEqual([]);
});

test("prose about choosing from a list is not SQL", () => {
  const text = "'update the page'; 'delete it'; 'with care'";
  expect(sqlOffences([{ path: "server/a.ts", text }])).toEqual([]);
});

test.each(["now()", "NOW ( )", "clock_timestamp()", "current_timestamp"])(
  "%s is found",
  (clock) => {
    const store = { path: "server/a.store.ts", text: `sql\`insert into x values (${clock})\`` };
    const script = {
      path: "migrations/a.sql",
      text: `create table x (t timestamptz default ${clock});`,
    };
    expect(clockOffences([store, script])).toHaveLength(2);
    expect(clockOffences([{ path: "migrations/a.sql", text: `-- never ${clock}` }])).toEqual([]);
  },
);

test("the hub's own clock is not the database's", () => {
  const text = "const nowMs = world.clock.now(); sql`select ${nowMs}`";
  expect(clockOffences([{ path: "server/a.store.ts", text }])).toEqual([]);
});

test("a caller that is not on the list is found, and a name on it that calls nothing", () => {
  const sources = [{ path: "server/a.ts", text: "tenantProved(name);" }];
  expect(callerOffences(sources, "tenantProved", new Set(["server/a.ts"]))).toEqual([]);
  expect(callerOffences(sources, "tenantProved", new Set(["server/b.ts"]))).toEqual([
    "server/a.ts may not call tenantProved",
    "server/b.ts is on the list of tenantProved and does not call it",
  ]);
});

test("a reason that is only compared, tested for or named in a test is not thrown", () => {
  const offencesOf = (path: string, text: string) => {
    const thrown = thrownReasons([{ path, text }]);
    return reasonOffences(ReasonSchema, codeOf, codes, thrown).filter((offence) =>
      offence.startsWith("SHED "),
    );
  };
  expect(offencesOf("server/a.ts", "throw new Fault(Reason.SHED)")).toEqual([]);
  expect(offencesOf("server/a.ts", "x.reason === Reason.SHED")).toHaveLength(1);
  expect(offencesOf("server/a.ts", "switch (r) { case Reason.SHED: }")).toHaveLength(1);
  expect(offencesOf("server/a.test.ts", "throw new Fault(Reason.SHED)")).toHaveLength(1);
});

test("a reason without a known status code is found", () => {
  const thrown = new Set(ReasonSchema.values.map((value) => value.localName));
  const offences = reasonOffences(ReasonSchema, () => "TEAPOT", codes, thrown);
  expect(offences).toHaveLength(thrown.size - 1);
  expect(offences[0]).toContain("has no status code");
});
