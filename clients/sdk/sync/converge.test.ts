import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type SyncHub, syncHub } from "../../../tests/support/hub.sync.ts";
import { replicaAt } from "../../../tests/support/replicas.ts";
import type { Collections } from "./collections.ts";
import { fileDisk } from "./disk.file.store.ts";

const roundsCount = 120;
const replicasCount = 4;
const limits = { frameOpsMax: 7, partCellsMax: 3, checkpointEvery: 5, creditBytes: 2_000 };

/** The same numbers for the same seed. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return state % below;
  };
}

test.for([1, 2, 3, 4, 5, 6])(
  "seed %i: cut, closed and opened again, all come to the same",
  async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), "foedus-converge-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const hub = syncHub("hub-1", limits);
    const below = chanceOf(seed);
    const open = (at: number) =>
      replicaAt(hub, { disk: fileDisk(join(folder, `${at}.db`)), twin: at % 2 === 0 });
    const all = await Promise.all(Array.from({ length: replicasCount }, (_, at) => open(at)));
    let expected = 0;
    for (let round = 0; round < roundsCount; round++) {
      const at = below(replicasCount);
      const is = below(20);
      if (is === 0) hub.cut();
      else if (is === 1) hub.restore();
      else if (is === 2) {
        await all[at]?.close();
        all[at] = await open(at);
      } else if (is < 8) {
        const by = below(9) - 4;
        expected += by;
        await all[at]?.collection("notes").increment("sum", "n", by);
      } else await write(all[at], below);
    }
    hub.restore();
    await settled(all, hub);
    const [first, ...others] = all.map((each) => each.collection("notes").list());
    expect(first?.find(({ record }) => record === "sum")?.counts.n ?? 0).toBe(expected);
    for (const rows of others) expect(rows).toEqual(first);
    for (const each of all) expect(each.collection("notes").quarantine()).toEqual([]);
  },
);

async function write(one: Collections | undefined, below: (max: number) => number): Promise<void> {
  const notes = one?.collection("notes", { kinds: { title: "multi" } });
  const record = `n${below(6)}`;
  const is = below(6);
  if (is < 3) await notes?.put(record, { title: below(1000), text: below(1000) });
  else if (is === 3) await notes?.remove(record, "text");
  else if (is === 4) await notes?.addTo("set", record, below(10));
  else await notes?.removeFrom("set", record);
}

/** The hub has all of it, and all have what the hub has. */
async function settled(all: readonly Collections[], hub: SyncHub): Promise<void> {
  await Promise.all(all.map((each) => each.collection("notes").settled("parent")));
  const { head } = hub.log.shelf("main/notes//world/2");
  const places = () => all.map((each) => each.collection("notes").status().seq);
  await expect.poll(places).toEqual(all.map(() => head));
}
