import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { printComments } from "../../../tools/gen/config.ts";
import { configFields } from "./fields.ts";
import { readFlags } from "./flags.ts";
import { loadSettings } from "./settings.ts";

function fileWith(values: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), "foedus-config-")), "hub.json");
  writeFileSync(path, typeof values === "string" ? values : JSON.stringify(values));
  return path;
}

test("a flag wins over the environment, that over the file, that over the default", () => {
  const file = fileWith({ web_port: 1, node_port: 1, join_port: 1 });
  const environment = { FOEDUS_WEB_PORT: "2", FOEDUS_NODE_PORT: "2" };
  const settings = loadSettings({ flags: { web_port: "3" }, environment, file });
  const { webPort, nodePort, joinPort, host } = settings.current();
  expect({ webPort, nodePort, joinPort, host }).toEqual({
    webPort: 3,
    nodePort: 2,
    joinPort: 1,
    host: "127.0.0.1",
  });
  const sources = new Map(settings.entries().map((entry) => [entry.field, entry.source]));
  expect(sources.get("web_port")).toBe("flag --web-port");
  expect(sources.get("node_port")).toBe("environment FOEDUS_NODE_PORT");
  expect(sources.get("join_port")).toBe(`file ${file}`);
  expect(sources.get("host")).toBe("default");
});

test("every field is told with its comment, in the order of the schema", () => {
  const entries = loadSettings({}).entries();
  expect(entries.map((entry) => entry.field)).toEqual(configFields.map((field) => field.name));
  expect(entries.filter((entry) => entry.comment === "")).toEqual([]);
});

test("the comments stand as in the schema", () => {
  const proto = readFileSync("proto/foedus/config/v1/config.proto", "utf8");
  expect(readFileSync("server/runtime/config/comments.ts", "utf8")).toBe(printComments(proto));
});

test("a switch is true or false, as a word or in a file", () => {
  const lean = (word: string) => loadSettings({ flags: { lean: word } }).current().lean;
  expect([lean("true"), lean("false")]).toEqual([true, false]);
  expect(loadSettings({ file: fileWith({ lean: false }) }).current().lean).toBe(false);
  expect(() => lean("yes")).toThrow(/lean.*flag --lean/);
});

test("a secret is not told", () => {
  const DATABASE_URL = "postgres://foedus:canary-7f3a@db/foedus";
  const settings = loadSettings({ environment: { DATABASE_URL } });
  expect(settings.current().databaseUrl).toBe(DATABASE_URL);
  const entry = settings.entries().find(({ field }) => field === "database_url");
  expect(entry).toMatchObject({ value: "(secret)", source: "environment DATABASE_URL" });
  expect(
    JSON.stringify(settings.entries(), (_key, value: unknown) =>
      typeof value === "bigint" ? 0 : value,
    ),
  ).not.toContain("canary");
});

test.each([
  ["a value out of range", { web_port: "70000" }, /web_port.*flag --web-port/],
  ["a value of another type", { web_port: "many" }, /web_port.*flag --web-port/],
  ["a word that is none of the known", { log_level: "loud" }, /log_level/],
  ["a lease shorter than a heartbeat", { lease_ms: "1000", heartbeat_ms: "1000" }, /lease_ms/],
  [
    "half of a certificate",
    { web_certificate_file: "/x.pem" },
    /web_certificate_file.*web_key_file/,
  ],
])("%s is refused by name and source", (_what, flags, message) => {
  expect(() => loadSettings({ flags })).toThrow(message);
});

test.each([
  ["an unknown field", { webport: 1 }, /there is no field "webport"/],
  ["a field in another spelling", { webPort: 1 }, /there is no field "webPort"/],
  ["a list", [], /not a JSON object/],
  ["no JSON", "web_port = 1", /JSON/],
])("a file with %s is refused", (_what, content, message) => {
  expect(() => loadSettings({ file: fileWith(content) })).toThrow(message);
});

test("a list is given with commas", () => {
  const settings = loadSettings({ flags: { web_hosts: "a.example.org, b.example.org" } });
  expect(settings.current().webHosts).toEqual(["a.example.org", "b.example.org"]);
});

test("a reload takes over what may change, and names what waits for a restart", () => {
  const file = fileWith({ control_rate: 1, web_port: 1 });
  const settings = loadSettings({ file });
  writeFileSync(file, JSON.stringify({ control_rate: 2, web_port: 2 }));
  expect(settings.reload()).toEqual(["web_port"]);
  expect(settings.current()).toMatchObject({ controlRate: 2, webPort: 1 });
});

test("a bad file is refused at a reload, and the old config stays", () => {
  const file = fileWith({ control_rate: 1, join_rate: 1 });
  const settings = loadSettings({ file });
  writeFileSync(file, JSON.stringify({ control_rate: 2, join_rate: 0 }));
  expect(() => settings.reload()).toThrow(/join_rate/);
  expect(settings.current()).toMatchObject({ controlRate: 1, joinRate: 1 });
});

test("a command line is read by the fields' names", () => {
  const flags = readFlags([
    "--config",
    "hub.json",
    "--output",
    "json",
    "--web-port=1",
    "--tenant",
    "b",
  ]);
  expect(flags).toEqual({ file: "hub.json", json: true, values: { web_port: "1", tenant: "b" } });
});

test.each([[["--webport", "1"]], [["--output", "xml"]], [["serve"]], [["--web-port"]]])(
  "%s is refused",
  (args) => {
    expect(() => readFlags(args)).toThrow(/config /);
  },
);
