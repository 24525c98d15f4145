import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hubs: TestHub[] = [];
beforeAll(async () => (hubs = await Promise.all([startTestHub(), startTestHub()])));
afterAll(() => Promise.all(hubs.map((hub) => hub.stop())));

test("two hubs are compared field by field, and a hub is the same as itself", async () => {
  const [here, there] = hubs;
  if (here === undefined || there === undefined) throw new Error("two were started");
  const env = { HOME: here.folder("home"), XDG_CONFIG_HOME: here.folder("config") };
  const foedus = (...args: string[]) => runCommand(args, { env });
  for (const [at, hub] of hubs.entries()) {
    await foedus("context", "add", `hub-${at}`, "--folder", hub.data);
    const notes = await (await hub.node("author")).collection("notes");
    await notes.put("both", { text: "the same words" });
    await notes.put(`only ${at}`, { text: "x" });
    await notes.settled("parent");
  }
  const away = await foedus("--context", "hub-0", "sync", "compare", "nothing", "--with", "hub-1");
  expect(away).toMatchObject({ code: 3 });
  expect(away.errors).toContain("there is no stream nothing here");
  const lone = await (await here.node("lone")).collection("lone");
  await lone.put("a", { b: 1 });
  await lone.settled("parent");
  const half = await foedus("--context", "hub-1", "sync", "compare", "lone", "--with", "hub-0");
  expect(half).toMatchObject({ code: 1 });
  expect(half.out).toMatch(/^a +b +only http.* has it$/m);
  const compare = (...args: string[]) =>
    foedus("--context", "hub-0", "sync", "compare", "notes", "--with", ...args);
  const same = await compare("hub-0");
  expect(same).toMatchObject({ code: 0 });
  expect(same.out).toMatch(/^Both hold the same of notes: 2 fields, [0-9a-f-]{14}\.$/m);
  const other = await compare("hub-1");
  expect(other).toMatchObject({ code: 1 });
  expect(other.out).toContain("They differ in 3 of 256 parts of notes.");
  expect(other.out).toMatch(/^both +text +they hold different writes$/m);
  expect(other.out).toMatch(/^only 0 +text +only http.* has it$/m);
  const json = await compare("hub-1", "--output", "json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ same: false });
  const fields = (JSON.parse(json.out) as { fields: { record: string; held: string }[] }).fields;
  const held = Object.fromEntries(fields.map((one) => [one.record, one.held]));
  expect(held).toEqual({ both: "otherwise", "only 0": "here only", "only 1": "there only" });
});
