import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "@foedus/gen/grpc/health/v1/health_pb.js";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { cloneDatabase } from "../tests/support/database.ts";
import { startHubProcess } from "../tests/support/hub.process.ts";
import { until } from "../tests/support/until.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "foedus-main-"));
}

/** Runs the program to its end. */
async function runToEnd(
  flags: readonly string[],
  url = "",
): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const env = { ...process.env, DATABASE_URL: url };
  const child = spawn(process.execPath, [main, ...flags], { env });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  await once(child, "close");
  return { code: child.exitCode, stderr, stdout };
}

const freePorts = ["--web-port", "0", "--node-port", "0", "--join-port", "0"];

test("a hub says where it is, serves, and ends with 0 when it is told to", async () => {
  const { url } = await cloneDatabase();
  const data = newFolder();
  const hub = await startHubProcess({ data, url });
  expect(hub.ready.web).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect(hub.ready.invitation).toMatch(/^foedus:\/\/127\.0\.0\.1:\d+\/main#[\w-]{22}$/);
  expect(statSync(join(data, "keys")).mode & 0o777).toBe(0o700);
  expect(statSync(join(data, "keys/hub.json")).mode & 0o777).toBe(0o600);
  const transport = createConnectTransport({
    baseUrl: hub.ready.web.slice(0, -1),
    httpVersion: "1.1",
  });
  expect((await createClient(Health, transport).check({})).status).toBe(Status.SERVING);
  expect(await hub.stop()).toBe(0);
});

test("a second hub on the same port ends with one line that names the first", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const { url } = await cloneDatabase();
  const flags = ["--data", newFolder(), ...freePorts, "--web-port", port];
  const { code, stderr } = await runToEnd(flags, url);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(
      `^foedus: port ${port} \\(web\\) is in use by process ${process.pid} \\(.*PORT_IN_USE`,
      "m",
    ),
  );
  server.close();
});

test("a database that is not there is named in one line", async () => {
  const flags = ["--data", newFolder(), ...freePorts];
  const { code, stderr } = await runToEnd(flags, "postgres://nobody@127.0.0.1:1/none");
  expect(code).toBe(1);
  expect(stderr.split("\n").filter((line) => line.startsWith("foedus: "))).toHaveLength(1);
  expect(stderr).toContain("DATABASE_UNREACHABLE");
});

test("another trust domain than that of the first start is refused", async () => {
  const { url } = await cloneDatabase();
  const data = newFolder();
  const hub = await startHubProcess({ data, url });
  await hub.stop();
  const flags = ["--data", data, ...freePorts, "--trust-domain", "other.example"];
  const { code, stderr } = await runToEnd(flags, url);
  expect(code).toBe(1);
  expect(stderr).toMatch(/trust_domain: was fixed as foedus\.local at first start/);
});

test.each([
  [["--web-port", "many"], /config web_port: .*flag --web-port.*CONFIG_INVALID/],
  [["--no-such-flag", "1"], /no-such-flag.*CONFIG_INVALID/],
  [["--config", "/no/such/file.json"], /file \/no\/such\/file\.json.*CONFIG_INVALID/],
])("%j is refused in one line", async (flags, line) => {
  const { code, stderr, stdout } = await runToEnd(flags);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("a changed file is taken over at SIGHUP, and a bad one is not", async () => {
  const { url } = await cloneDatabase();
  const data = newFolder();
  const file = join(data, "hub.json");
  writeFileSync(file, JSON.stringify({ log_level: "info" }));
  const hub = await startHubProcess({ data, url, flags: ["--config", file] });
  let logged = "";
  hub.child.stderr?.on("data", (chunk) => (logged += String(chunk)));
  writeFileSync(file, JSON.stringify({ log_level: "loud" }));
  hub.child.kill("SIGHUP");
  await until(() => expect(logged).toContain("config not reloaded"));
  writeFileSync(file, JSON.stringify({ log_level: "info", event_days: 7 }));
  hub.child.kill("SIGHUP");
  await until(() => expect(logged).toContain("config reloaded"));
  expect(await hub.stop()).toBe(0);
});

test("a second signal ends a hub that waits for its streams", async () => {
  const { url } = await cloneDatabase();
  const hub = await startHubProcess({ data: newFolder(), url, flags: ["--drain-ms", "60000"] });
  // A call that hangs: its body never ends.
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
  });
  const hanging = fetch(`${hub.ready.web}grpc.health.v1.Health/Check`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    duplex: "half",
  }).catch(() => undefined);
  await until(async () => {
    const text = await (await fetch(`${hub.ready.web}metrics`)).text();
    expect(text).toContain('foedus_call{listener="web"} 2');
  });
  const gone = once(hub.child, "exit");
  hub.child.kill("SIGTERM");
  await until(async () =>
    expect(await (await fetch(`${hub.ready.web}healthz`).catch(() => undefined))?.text()).not.toBe(
      "ok\n",
    ),
  );
  // The first moment's repeats are the same request; whoever goes on asking means it.
  await until(() => {
    hub.child.kill("SIGTERM");
    expect(hub.child.exitCode).toBe(130);
  });
  await gone;
  await hanging;
});
