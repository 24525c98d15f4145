import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { type SyncHub, syncHub } from "../../tests/support/hub.sync.ts";
import { replicaAt } from "../../tests/support/replicas.ts";
import { begin, editOne, meeting, type NoteValue } from "./notes.ts";

const notesOn = async (hub: SyncHub) =>
  (await replicaAt(hub)).collection<NoteValue>("notes", { kinds: { title: "multi" } });

/** All of them, as each starts before it has heard of any other. */
async function startedOn(hub: SyncHub) {
  const all = await Promise.all(["server", "web", "clients"].map(() => notesOn(hub)));
  hub.cut();
  const [server, web, clients] = all;
  if (!server || !web || !clients) throw new Error("three samples start");
  await begin(server, "server");
  await begin(web, "web");
  await begin(clients, "clients");
  hub.restore();
  return { server, web, clients, all };
}

test("samples that start together contradict each other once, until a person has settled it", async () => {
  const hub = syncHub();
  const { server, web, clients, all } = await startedOn(hub);
  const inConflict = () => all.map((notes) => notes.conflicts().map(({ record }) => record));
  await expect.poll(inConflict).toEqual([[meeting], [meeting], [meeting]]);
  await expect.poll(() => clients.list().length).toBe(7);

  await begin(server, "server");
  expect(server.conflicts()[0]?.values).toHaveLength(2);

  await clients.resolve(meeting, "title", "We meet on Friday");
  await expect.poll(inConflict).toEqual([[], [], []]);
  hub.cut();
  await Promise.all([begin(server, "server"), begin(web, "web"), begin(clients, "clients")]);
  hub.restore();
  await expect
    .poll(() => clients.conflicts()[0]?.values.map(({ value }) => value))
    .toEqual(expect.arrayContaining(["We meet on Monday", "We meet on Tuesday"]));
});

test("what a person removed, no later start brings back", async () => {
  const hub = syncHub();
  const { server, web } = await startedOn(hub);
  await expect.poll(() => server.list().length).toBe(7);
  await server.remove(meeting);
  await server.remove("server-1");
  await expect.poll(() => web.list().length).toBe(5);
  await begin(server, "server");
  await begin(web, "web");
  expect(server.list().map(({ record }) => record)).not.toContain("server-1");
  expect(web.get(meeting)).toBeUndefined();
});

test("edits keep to the notes there are", async () => {
  const notes = await notesOn(syncHub());
  await editOne(notes, realWorld);
  expect(notes.list()).toEqual([]);
  await begin(notes, "clients");
  for (const fraction of [0, 0.5]) {
    await editOne(notes, {
      ...realWorld,
      random: { ...realWorld.random, fraction: () => fraction },
    });
  }
  const rows = notes.list();
  expect(rows).toHaveLength(2);
  expect(rows.map(({ fields, counts }) => [fields["done"], counts["reads"]])).toEqual([
    [false, 1],
    [true, undefined],
  ]);
});
