import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import {
  GraphSummarySchema,
  HealthSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { expect, test } from "vitest";
import { canaries, canaryShapes } from "../../tests/support/canaries.ts";
import { payloadWith, sensitivePlaces, textPlaces } from "../../tests/support/families.ts";
import { slowTimes } from "../../tests/support/until.ts";
import { sanitised, sanitisedText, textLengthMax } from "./sanitise.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A field that holds digests may hold what cannot be told from one. */
const likeDigests = ["hex secret", "base64 secret", "base64url secret"];
const digestFields = /(?:^|\.)(?:digest|hash|ca_hash|fingerprint|certificate_serial)$/;

test("T-H5: of 5,000 canaries in every text of every family none gets out", () => {
  const places = textPlaces();
  let tried = 0;
  const leaked: string[] = [];
  for (const shape of canaryShapes) {
    const made = canaries(shape, places.length * 4);
    for (const [at, { text, needle }] of made.entries()) {
      const place = places[at % places.length];
      if (place === undefined) throw new Error("no family has a text");
      if (likeDigests.includes(shape) && digestFields.test(place.name)) continue;
      const { schema, type } = place.family;
      const told = toBinary(
        schema,
        sanitised(schema, fromBinary(schema, payloadWith(place, text))),
      );
      tried += 1;
      if (Buffer.from(told).includes(needle))
        leaked.push(`${type} ${place.name}: ${shape} ${text}`);
    }
  }
  expect(tried).toBeGreaterThan(5_000);
  expect(leaked).toEqual([]);
});

/** What projects tell in good faith: subjects of commits, paths, versions, sentences. */
function cleanCorpus(): string[] {
  const paths = ["clients", "docs", "migrations", "proto", "server", "tests"].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" })
      .filter((path) => !/(?:^|\/)(?:node_modules|\.)/.test(path))
      .map((path) => `${folder}/${path}`),
  );
  const lock = readFileSync(`${root}package-lock.json`, "utf8");
  const { packages } = JSON.parse(lock) as { packages: Record<string, { version?: string }> };
  const versions = Object.entries(packages).map(([name, { version = "" }]) => `${name}@${version}`);
  const pages = paths.filter((path) => path.endsWith(".md"));
  const lines = pages.flatMap((path) => readFileSync(`${root}${path}`, "utf8").split("\n"));
  return [...paths, ...versions, ...lines.filter((line) => line !== ""), ...subjects()];
}

/** None in a copy without its history. */
function subjects(): string[] {
  try {
    const flags = ["log", "--format=%s%n%H %h %cI", "-2000"];
    const told = execFileSync("git", flags, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    return told
      .toString()
      .split("\n")
      .filter((line) => !/^[0-9a-f]{40} /.test(line));
  } catch {
    return [];
  }
}

test("T-H5: of what projects tell in good faith at most one text in a hundred is changed", () => {
  const corpus = cleanCorpus();
  expect(corpus.length).toBeGreaterThan(3_000);
  const changed = corpus.filter((text) => sanitisedText(text) !== text);
  expect(changed.length / corpus.length).toBeLessThanOrEqual(0.01);
});

test("ids, times, addresses of machines, digests and packages stay as they are", () => {
  const digest = "0123456789abcdef".repeat(4);
  const summary = create(GraphSummarySchema, { digest, lastCommit: { hash: digest.slice(0, 40) } });
  expect(sanitised(GraphSummarySchema, summary)).toEqual(summary);
  for (const text of [
    "node_01kaqwg3f7e8r2m4n6p8q0s2t4",
    "spiffe://foedus.local/tenant/main/node/node_01kaqwg3f7e8r2m4n6p8q0s2t4",
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "2026-11-21T14:52:11.123Z",
    "1795000000000",
    "192.168.100.200:7443",
    "127.0.0.1",
    "@foedus/kernel@0.1.0",
    "lodash@4.17.21-beta.rc.1",
    "git@github.com:foedus/foedus.git",
    "server/capabilities/event/subscribe.pg.test.ts",
    "GetTrustBundleResponseSchemaForAllNodes",
    "foedus://hub.example:7444/main#AbCdEfGhIjKlMnOpQrStUv",
  ]) {
    expect(sanitisedText(text)).toBe(text);
  }
});

test("what was found is replaced by a word, and the rest stays", () => {
  expect(sanitisedText("ask ada@example.org, or +49 170 1234567.")).toBe(
    "ask [email], or [phone].",
  );
  expect(sanitisedText("postgres://app:hunter2@db:5432/x")).toBe("postgres://[secret]@db:5432/x");
});

test("sensitive fields are gone, however deep", () => {
  for (const place of sensitivePlaces()) {
    const { schema } = place.family;
    const told = sanitised(schema, fromBinary(schema, payloadWith(place, "harmless")));
    expect(Buffer.from(toBinary(schema, told)).includes("harmless")).toBe(false);
  }
});

test("texts in maps and their keys are looked at too", () => {
  const struct = create(StructSchema, {
    fields: { "ada@example.org": { kind: { case: "stringValue", value: "bob@example.org" } } },
  });
  const told = sanitised(StructSchema, struct);
  expect(Object.entries(told.fields).map(([key, { kind }]) => [key, kind.value])).toEqual([
    ["[email]", "[email]"],
  ]);
});

test("the flag says what this did, and not what its author claims", () => {
  for (const sanitized of [true, false]) {
    const told = sanitised(TelemetrySyncSchema, create(TelemetrySyncSchema, { sanitized }));
    expect(told.sanitized).toBe(true);
  }
  const plain = sanitised(HealthSchema, create(HealthSchema));
  expect(reflect(HealthSchema, plain).fields.some(({ name }) => name === "sanitized")).toBe(false);
});

test("the author's own message is left as it was", () => {
  const health = create(HealthSchema, { degradedReasons: ["ada@example.org"] });
  sanitised(HealthSchema, health);
  expect(health.degradedReasons).toEqual(["ada@example.org"]);
});

test("a text may be as long as the limit, and one letter more is cut, never in half", () => {
  const full = "é ".repeat(textLengthMax / 2);
  expect(sanitisedText(full)).toBe(full);
  expect(sanitisedText(`${full}x`)).toBe(`${full.slice(0, -1)}…`);
  const pairs = "😀".repeat(textLengthMax);
  expect(sanitisedText(pairs).isWellFormed()).toBe(true);
});

test("a long text takes time in proportion, whatever it holds", () => {
  const key = "-----BEGIN PRIVATE KEY-----";
  for (const unit of ["a", "a@", "a.", "+1 ", "0", key, "eyJaaaaaa.", "://a:"]) {
    const text = unit.repeat(Math.ceil(200_000 / unit.length));
    const before = process.cpuUsage();
    sanitisedText(text);
    const spentMs = process.cpuUsage(before).user / 1_000;
    expect({ unit, slow: spentMs > 1_500 * slowTimes }).toEqual({ unit, slow: false });
  }
});
