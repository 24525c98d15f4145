import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, startCommand } from "../../../tests/support/command.ts";
import { startTestHub, type TestHub } from "../../../tests/support/federated.ts";

let hub: TestHub;
beforeAll(async () => (hub = await startTestHub(["--zones", "world,eu"])));
afterAll(() => hub.stop());

const foedus = (...args: string[]) => runCommand(["--data", hub.data, "sync", ...args]);

async function told(...args: string[]): Promise<string> {
  const { code, out, errors } = await foedus(...args);
  expect({ code, errors: code === 0 ? "" : errors }).toEqual({ code: 0, errors: "" });
  return out;
}

/** Two nodes that wrote the same field without knowledge of each other. */
async function disputed(collection: string) {
  const [one, two] = [await hub.node(`${collection}-1`), await hub.node(`${collection}-2`)];
  const [ours, theirs] = [await one.collection(collection), await two.collection(collection)];
  await ours.put("milk", { title: "Milk" });
  await expect.poll(() => theirs.get("milk")?.fields).toEqual({ title: "Milk" });
  await Promise.all([
    ours.put("milk", { title: "Oat milk" }),
    theirs.put("milk", { title: "Soy milk" }),
  ]);
  await expect.poll(() => told("conflicts", "list", collection)).toContain("milk");
  return { ours, theirs };
}

test("streams, who follows them and what they lack are shown, to people and to programs", async () => {
  expect(await told("status")).toContain("Nothing is synced here yet");
  const node = await hub.node("author");
  const notes = await node.collection("shown");
  await notes.put("milk", { title: "Milk" });
  await notes.settled("parent");
  const row = /^shown +1 +1 +none +(just now|.* ago) +author +1 +none$/m;
  await expect.poll(() => told("status", "shown")).toMatch(row);
  expect(await told("status", "nothing")).toContain("Nothing of nothing is synced here yet");
  const json: unknown = JSON.parse(await told("status", "--output", "json"));
  expect(json).toMatchObject({
    zones: ["world", "eu"],
    streams: [{ stream: { collection: "shown" }, head: 1, followers: [{ name: "author" }] }],
  });
  const wrong = await foedus("status", "Shown");
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.errors).toContain("'Shown' is no stream");
});

test("changes are shown as they happen", async () => {
  const notes = await (await hub.node("busy")).collection("watched");
  await notes.put("a", { n: 1 });
  await notes.settled("parent");
  const watch = startCommand(["--data", hub.data, "sync", "status", "watched", "--watch"]);
  await watch.wrote("errors", /1 stream\. Waiting for changes/);
  await notes.put("b", { n: 2 });
  await watch.wrote("out", /watched at 2 \(\+1\); busy lacks none/);
  watch.child.kill("SIGINT");
  expect(await watch.ended).toMatchObject({ code: 130 });
});

test("a conflict is listed, explained and resolved by keeping one", async () => {
  const { ours, theirs } = await disputed("kept");
  const explained = await told("conflicts", "explain", "kept", "milk", "title");
  expect(explained).toMatch(/^Of 2 values written .* the late(r|st) by hybrid time is shown/m);
  const line = explained.split("\n").find((each) => each.includes("Oat milk")) ?? "";
  const [op = ""] = line.split(/ +/);
  const resolved = await told("conflicts", "resolve", "kept", "milk", "title", "--keep", op);
  expect(resolved).toContain('milk title of kept holds one value instead of 2: "Oat milk"');
  for (const each of [ours, theirs]) {
    await expect.poll(() => each.get("milk")?.fields).toEqual({ title: "Oat milk" });
  }
  const gone = await foedus("conflicts", "explain", "kept", "milk", "title");
  expect(gone).toMatchObject({ code: 3 });
  expect(gone.errors).toContain("there is no conflict in milk title of kept here");
});

test("a conflict is resolved by a text, which becomes JSON where JSON is read", async () => {
  const { ours } = await disputed("worded");
  await told("conflicts", "resolve", "worded", "milk", "title", "--value", "Almond milk");
  await expect.poll(() => ours.get("milk")?.fields).toEqual({ title: "Almond milk" });
});

test("a conflict is resolved by a file, and by nothing else at once", async () => {
  const { ours } = await disputed("filed");
  const both = await foedus(
    "conflicts",
    "resolve",
    "filed",
    "milk",
    "title",
    "--value",
    "x",
    "--file",
    "y",
  );
  expect(both).toMatchObject({ code: 2 });
  expect(both.errors).toContain("one of --keep, --value and --file is needed, and 2 are given");
  const file = join(hub.data, "..", "value.json");
  const none = await foedus("conflicts", "resolve", "filed", "milk", "title", "--file", file);
  expect(none.errors).toContain("cannot be read");
  writeFileSync(file, '{"of":"oats"}');
  await told("conflicts", "resolve", "filed", "milk", "title", "--file", file);
  await expect.poll(() => ours.get("milk")?.fields).toEqual({ title: { of: "oats" } });
});

test("a digest is counted, and a stream that is as it should be is not repaired", async () => {
  const notes = await (await hub.node("counter")).collection("counted");
  await notes.put("a", { n: 1, m: 2 });
  await notes.settled("parent");
  expect(await told("digest", "counted")).toMatch(/^Fields +2$/m);
  const anew = await told("digest", "counted", "--recount");
  expect(anew).toContain("Counted anew, it is the same.");
  expect(anew).toMatch(/^Digest +[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}$/m);
  expect(await told("repair", "counted")).toMatch(/^counted was as it should be: 2 fields, /);
  const none = await foedus("digest", "uncounted");
  expect(none).toMatchObject({ code: 3 });
  expect(none.errors).toContain("there is no stream uncounted here");
});

test("a grant keeps what is not said, and is listed", async () => {
  await (await hub.node("edge")).ready();
  expect(await told("grants")).toBe("All nodes stand where this hub does: world, eu.\n");
  const given = await told("grant", "edge", "--zone", "eu");
  expect(given).toBe("edge stands in eu, and may bring only what it wrote itself.\n");
  const more = await told("grant", "edge", "--relay");
  expect(more).toBe("edge stands in eu, and may bring what others wrote.\n");
  expect(await told("grants")).toMatch(/^edge +eu +what others wrote$/m);
  await told("grant", "edge", "--hub-zones", "--no-relay");
  expect(await told("grants")).toContain("All nodes stand");
  const wrong = await foedus("grant", "edge", "--zone", "us");
  expect(wrong).toMatchObject({ code: 6 });
  expect(wrong.errors).toContain("this hub does not stand in zone us, only in world, eu");
  expect((await foedus("grant", "edge")).errors).toContain("say one of --zone and --hub-zones");
});

test("nodes that listen for each other are listed, and one that is cut off says so", async () => {
  expect(await told("peers")).toContain("No node listens for others");
  const node = await hub.node("porch");
  await node.ready();
  await node.client(SyncService).meetPeers({ address: "porch.test:7500" });
  const row = /^porch +porch\.test:7500 +world, eu .*ends in \d+ \w+ +ends in \d+ \w+$/m;
  expect(await told("peers")).toMatch(row);
  const json: unknown = JSON.parse(await told("peers", "--output", "json"));
  expect(json).toMatchObject({ peers: [{ node: "porch", nodeId: node.nodeId, told: true }] });
  const reason = ["--reason", "a test"];
  await runCommand(["--data", hub.data, "access", "quarantine", "porch", ...reason]);
  expect(await told("peers")).toMatch(/^porch .* no: revoked or quarantined +ends in \d+ \w+$/m);
});

test("a collection is declared and listed", async () => {
  expect(await told("collections")).toContain("No collection is declared");
  const bounds = ["--revision-min", "2", "--revision-max", "4"];
  await told("declare", "plans", "--zone", "eu", "--lane", "1", "--partition", "a", ...bounds);
  expect(await told("collections")).toMatch(/^plans +eu +1 +a +revision 2 to 4$/m);
  const wrong = await foedus("declare", "plans", "--revision-min", "4", "--revision-max", "2");
  expect(wrong.errors).toContain("plans cannot be declared so");
});
