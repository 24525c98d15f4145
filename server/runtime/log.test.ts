import { create } from "@bufbuild/protobuf";
import { EnrollRequestSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { CreateTokenResponseSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openLog } from "./log.pino.ts";
import { redacted } from "./redacted.ts";

function logLines(forPeople = false) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = openLog({ clock: realWorld.clock, level: "info", forPeople, write });
  return { log, lines };
}

const canary = "canary-5d1c";

test.each([
  [
    "a token in a request",
    redacted(EnrollRequestSchema, create(EnrollRequestSchema, { name: "n1", token: canary })),
  ],
  [
    "a token in an answer",
    redacted(
      CreateTokenResponseSchema,
      create(CreateTokenResponseSchema, { secret: canary, token: { id: "fjt_1" } }),
    ),
  ],
  [
    "a password in the config",
    redacted(HubConfigSchema, create(HubConfigSchema, { databaseUrl: canary, host: "h" })),
  ],
])("%s does not reach the log", (_what, message) => {
  const { log, lines } = logLines();
  log.info("call", { message });
  expect(lines[0]).not.toContain(canary);
  expect(message).not.toEqual({});
});

test("redacting leaves the message itself alone", () => {
  const request = create(EnrollRequestSchema, { token: canary });
  redacted(EnrollRequestSchema, request);
  expect(request.token).toBe(canary);
});

test("a line is one JSON object with time, level in words, and the stack of an error", () => {
  const { log, lines } = logLines();
  log
    .with({ loop: "outbox" })
    .warn("loop failed", { error: new Error("no", { cause: new Error("why") }), at: 7n });
  const line = JSON.parse(lines[0] ?? "") as Record<string, unknown>;
  expect(line).toMatchObject({ level: "warn", event: "loop failed", loop: "outbox", at: "7" });
  expect(line["error"]).toMatchObject({ message: "no", cause: { message: "why" } });
  expect(lines).toHaveLength(1);
});

test("a line for people is short, and the stack stands below", () => {
  const { log, lines } = logLines(true);
  log.info("listening", { listener: "web", port: 7080 });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}listening {2}listener=web {2}port=7080\n$/);
  log.error("incident", { error: new Error("no") });
  expect(lines[1]).toMatch(/incident {2}error=no\nError: no\n +at /);
});

test("the level changes while the log is used", () => {
  const { log, lines } = logLines();
  const early = log.with({ a: 1 });
  log.debug("quiet");
  log.setLevel("debug");
  log.debug("told");
  early.debug("told too");
  expect(lines).toHaveLength(2);
});

/** Logs far more than anybody may leave unread, and goes on once somebody has read. */
const flood = `
  import { realWorld } from "@foedus/kernel/world.real.ts";
  import { openLog } from "./log.pino.ts";
  const log = openLog({ clock: realWorld.clock, level: "info", forPeople: false });
  for (let n = 0; n < 20_000; n++) log.info("line", { n, filler: "x".repeat(500) });
  process.stdout.write("went on");
  process.stderr.once("drain", () => log.info("last"));
`;

test("a log that nobody reads holds up nothing, and says how much of it was left out", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", flood], {
    cwd: import.meta.dirname,
  });
  await once(child.stdout, "data");
  const lines = (await text(child.stderr)).trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { event: string; count?: number });
  expect(events.at(-1)?.event).toBe("last");
  expect(events.at(-2)).toMatchObject({ event: "log lines left out" });
  expect(lines.length - 2 + Number(events.at(-2)?.count)).toBe(20_000);
});
