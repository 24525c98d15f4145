import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { gatherThirdParty } from "../../tools/gen/third-party.ts";
import { scratch } from "./scratch.ts";
import { root } from "./tree.ts";

const image = join(root, "docs/reference/schema.binpb");
const service = "proto/foedus/node/v1/node_service.proto";

beforeAll(() => gatherThirdParty(root));

/** Changes a copy of the schema, and asks one gate of buf about it. */
function judge(change: (text: string) => string, ...gate: string[]) {
  using planted = scratch();
  for (const name of ["proto", ".third_party", "buf.yaml"]) {
    cpSync(join(root, name), join(planted.folder, name), { recursive: true });
  }
  const path = join(planted.folder, service);
  const text = readFileSync(path, "utf8");
  const changed = change(text);
  writeFileSync(path, changed);
  return { ...planted.run("buf", ...gate), isChanged: changed !== text };
}

const breaking = ["breaking", "proto", "--against", image];

test("the schema as it stands breaks nobody who uses the last release", () => {
  expect(judge((text) => text, ...breaking)).toMatchObject({ passed: true, output: "" });
});

test.each<[string, (text: string) => string]>([
  ["a changed type", (text) => text.replace("int64 sent_ms = 3", "string sent_ms = 3")],
  ["a changed number", (text) => text.replace("int64 sent_ms = 3", "int64 sent_ms = 33")],
  ["a changed name", (text) => text.replace("int64 sent_ms = 3", "int64 send_ms = 3")],
  ["a removed field", (text) => text.replace("  int64 sent_ms = 3;\n", "")],
  ["a removed method", (text) => text.replace(/ {2}rpc GetNode\([^]*?\n {2}\}\n/, "")],
  [
    "a stream where none was",
    (text) => text.replace("(HeartbeatRequest)", "(stream HeartbeatRequest)"),
  ],
])("%s is found", (_what, change) => {
  expect(judge(change, ...breaking)).toMatchObject({ passed: false, isChanged: true });
});

test("a new field breaks nobody", () => {
  const added = judge(
    (text) =>
      text.replace("int64 sent_ms = 3;", "int64 sent_ms = 3;\n  // New.\n  string added = 99;"),
    ...breaking,
  );
  expect(added).toMatchObject({ passed: true, isChanged: true });
});

test.each<[string, (text: string) => string]>([
  ["a field without a comment", (text) => text.replace(/ {2}\/\/ Its id or name\.\n/, "")],
  ["a service without its suffix", (text) => text.replace("service NodeService", "service Nodes")],
  ["a shared request", (text) => text.replace("(GetNodeRequest)", "(ListNodesRequest)")],
])("lint finds %s", (_what, change) => {
  expect(judge(change, "lint")).toMatchObject({ passed: false, isChanged: true });
});
