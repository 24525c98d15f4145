// Nodes that joined a hub of before there were modes and lists.
import { randomBytes } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { IdentitySchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { expect, inject, test } from "vitest";
import { rowsOf } from "../../../tests/support/bundled.ts";
import { onDatabase } from "../../../tests/support/database.ts";
import { migrate } from "../../runtime/storage/migrate.ts";

/** Of release 0.1.0: node_id "node_1" and name "shop", as it wrote them. */
const body = "0a066e6f64655f31120473686f70";

test("an admin's token let in whoever was in before there were open doors", async () => {
  const [adminUrl, name] = [inject("adminUrl"), `before_${randomBytes(4).toString("hex")}`];
  await rowsOf(adminUrl, `create database ${name}`);
  const url = onDatabase(adminUrl, name);
  await migrate(url, "0006_event");
  const columns = "tenant_id, node_id, name, certificate_expire_ms, body";
  const values = `'main', 'node_1', 'shop', 1, '\\x${body}'`;
  await rowsOf(url, `insert into identity (${columns}) values (${values})`);
  await migrate(url);
  const [row] = await rowsOf(url, "select body from identity");
  expect(fromBinary(IdentitySchema, row?.body as Uint8Array)).toMatchObject({
    nodeId: "node_1",
    name: "shop",
    vouched: true,
  });
});
