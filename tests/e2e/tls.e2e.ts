// The page over TLS in a real Chromium: HTTP/2, a cookie of this host alone, live streams.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase } from "../support/database.ts";
import { makeDataFolder } from "../support/folder.ts";
import { type HubProcess, localSession, startHubProcess } from "../support/hub.process.ts";
import { startBrowser } from "./browser.ts";
import { groundMs, preparePage } from "./ground.ts";

const certify = fileURLToPath(new URL("../support/web-certificate.ts", import.meta.url));
const folder = makeDataFolder("e2e-tls");
let hub: HubProcess;
let browser: Browser;
let ca = "";

beforeAll(async () => {
  await preparePage();
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [certify, folder]);
  ca = readFileSync(join(folder, "ca.pem"), "utf8");
  const [certificate, key] = [join(folder, "web.pem"), join(folder, "web.key")];
  const flags = ["--web-certificate-file", certificate, "--web-key-file", key];
  const { url } = await cloneDatabase();
  hub = await startHubProcess({ data: join(folder, "hub"), url, flags });
  browser = await startBrowser();
}, groundMs);

afterAll(async () => {
  await browser?.close();
  await hub?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function signInLink(): Promise<string> {
  const nodeOptions = { ca, servername: "localhost" };
  const transport = createConnectTransport({
    baseUrl: hub.ready.web,
    httpVersion: "2",
    nodeOptions,
  });
  const headers = { authorization: `Bearer ${localSession(join(folder, "hub"))}` };
  const people = createClient(PersonService, transport);
  return (await people.createLink({ requestId: "tls-e2e-1" }, { headers })).link;
}

test("somebody signs in over TLS, and the map lives", async () => {
  // The authority is this test's own, which no browser knows.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(await signInLink());
  await page.getByRole("heading", { name: "No node has joined this hub yet" }).waitFor();
  expect(new URL(page.url()).protocol).toBe("https:");
  const cookies = await context.cookies();
  expect(cookies).toMatchObject([
    { name: "__Host-foedus_session", secure: true, httpOnly: true, sameSite: "Strict" },
  ]);
  const protocol = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return entry instanceof PerformanceNavigationTiming ? entry.nextHopProtocol : "";
  });
  expect(protocol).toBe("h2");
  expect(complaints).toEqual([]);
});
