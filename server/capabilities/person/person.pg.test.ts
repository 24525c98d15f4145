import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createClient, ConnectError, Code } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localSession } from "../../../tests/support/hub.process.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { linkMs } from "./person.ts";

let aheadMs = 0;
const world: World = {
  ...realWorld,
  clock: { ...realWorld.clock, now: () => realWorld.clock.now() + aheadMs },
};

let local: LocalHub;
let greeting: string[] = [];
beforeAll(async () => {
  local = await startLocalHub({ world, values: { join_rate: "10000" } });
  greeting = await local.running.greeting();
});
afterAll(() => local.stop());

/** A client of the web listener; `cookies` gathers what the hub sets. */
function browser(headers: Record<string, string> = {}) {
  const cookies: string[] = [];
  const transport = createConnectTransport({
    baseUrl: local.running.status().webAddress,
    httpVersion: "1.1",
    interceptors: [
      (next) => async (request) => {
        for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
        const response = await next(request);
        cookies.push(...response.header.getSetCookie());
        return response;
      },
    ],
  });
  return { client: createClient(PersonService, transport), cookies };
}

function commandLine() {
  const session = localSession(local.data);
  return browser({ authorization: `Bearer ${session}` }).client;
}

async function newCode(): Promise<string> {
  const { link } = await commandLine().createLink({ requestId: randomUUID() });
  return link.split("#code=")[1] ?? "";
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => ConnectError.from(reason),
  );
  return error === undefined ? "none" : `${Code[error.code]}: ${error.rawMessage}`;
}

describe("signing in", () => {
  it("greets with a link while nobody is signed in, and it signs one browser in", async () => {
    const code = /#code=([\w-]{43})$/.exec(greeting.find((line) => line.includes("#code=")) ?? "");
    const { client, cookies } = browser();
    const { person } = await client.signIn({ requestId: randomUUID(), code: code?.[1] ?? "" });
    expect(person?.id).toBe("owner");
    expect(cookies[0]).toMatch(
      /^foedus_session=fs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    const cookie = cookies[0]?.split(";")[0] ?? "";
    const seen = await browser({ cookie }).client.getSession({});
    expect(seen).toMatchObject({ tenant: "main", trustDomain: "foedus.local" });
    expect(await local.running.greeting()).not.toContainEqual(expect.stringContaining("#code="));
  });

  it("lets one of fifty browsers with the same link in", async () => {
    const code = await newCode();
    const tries = Array.from({ length: 50 }, () =>
      refusal(browser().client.signIn({ requestId: randomUUID(), code })),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === "none")).toHaveLength(1);
    const others = outcomes.filter((outcome) => outcome !== "none");
    expect(others.every((outcome) => outcome.includes("was used at"))).toBe(true);
  });

  it("never answers the same request with a second cookie", async () => {
    const request = { requestId: randomUUID(), code: await newCode() };
    await browser().client.signIn(request);
    const again = browser();
    expect(await refusal(again.client.signIn(request))).toContain("AlreadyExists");
    expect(again.cookies).toEqual([]);
  });

  it("opens a link until the last millisecond of its quarter of an hour", async () => {
    const code = await newCode();
    aheadMs += linkMs + 1_000;
    expect(await refusal(browser().client.signIn({ requestId: randomUUID(), code }))).toContain(
      "this sign-in link ended at",
    );
    aheadMs = 0;
  });

  it("knows no link that it did not make", async () => {
    const code = "x".repeat(43);
    expect(await refusal(browser().client.signIn({ requestId: randomUUID(), code }))).toContain(
      "not one of this hub's",
    );
  });
});

describe("sessions", () => {
  it("refuses whoever has none, and whoever has somebody's that never was", async () => {
    expect(await refusal(browser().client.getSession({}))).toContain("Unauthenticated");
    const forged = browser({ authorization: `Bearer fs_${"a".repeat(43)}` });
    expect(await refusal(forged.client.getSession({}))).toContain("Unauthenticated");
  });

  it("ends at sign-out, for every copy of the cookie", async () => {
    const first = browser();
    await first.client.signIn({ requestId: randomUUID(), code: await newCode() });
    const cookie = first.cookies[0]?.split(";")[0] ?? "";
    const second = browser({ cookie });
    await second.client.signOut({ requestId: randomUUID() });
    expect(second.cookies.at(-1)).toMatch(/^foedus_session=; .*Max-Age=0/);
    expect(await refusal(browser({ cookie }).client.getSession({}))).toContain("Unauthenticated");
  });

  it("gives the command line a session in a file that only its user may read", async () => {
    expect(statSync(join(local.data, "cli.json")).mode & 0o777).toBe(0o600);
    expect((await commandLine().getSession({})).person?.displayName).toBe("Owner");
  });

  it("replaces the command line's session at the next start", async () => {
    const file = join(local.data, "cli.json");
    const before = readFileSync(file, "utf8");
    await local.running.greeting();
    expect(readFileSync(file, "utf8")).not.toBe(before);
    expect((await commandLine().getSession({})).person?.id).toBe("owner");
  });
});
