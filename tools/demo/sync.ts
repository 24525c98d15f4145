// `npm run demo:sync`: two hubs under a third, four nodes, all links cut, and one state in the end.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { type DemoHub, startHub } from "./hubs.ts";
import { tellBeginning, tellConflict, tellHealed, tellIslands, tellSums } from "./sync.story.ts";
import { startBelow, startTraveller, type Traveller } from "./sync.tree.ts";

const startMs = realWorld.clock.monotonic();
const msPerSecond = 1_000;
const timeWidth = 6;
const nameWidth = 8;

const folder = mkdtempSync(join(tmpdir(), "foedus-demo-"));
chmodSync(folder, 0o711);
const hubs: DemoHub[] = [];
const travellers: Traveller[] = [];
try {
  await tell();
} finally {
  await Promise.allSettled(travellers.map(({ node }) => node.close()));
  await Promise.allSettled(hubs.map((hub) => hub.stop()));
  rmSync(folder, { recursive: true, force: true });
}

/** A new chapter, with the time since the start. */
function chapter(title: string): void {
  const seconds = (realWorld.clock.monotonic() - startMs) / msPerSecond;
  console.log(`\n${seconds.toFixed(1).padStart(timeWidth)} s  ${title}`);
}

async function tell(): Promise<void> {
  chapter("Three hubs start: two of them below the third, each with a database of its own");
  const global = await startHub(folder, "global");
  hubs.push(global);
  const [east, west] = await Promise.all([
    startBelow(folder, "east", global),
    startBelow(folder, "west", global),
  ]);
  hubs.push(east, west);
  say("global", "at the top");
  for (const { name } of [east, west]) {
    say(name, `joined global as a node; an admin let it relay: foedus sync grant ${name} --relay`);
  }

  chapter("Four nodes join: ada and ben at east, cleo and dan at west");
  const start = (hub: DemoHub) => (name: string) => startTraveller(folder, hub, name);
  const [[ada, ben], [cleo, dan]] = await Promise.all([
    Promise.all([start(east)("ada"), start(east)("ben")]),
    Promise.all([start(west)("cleo"), start(west)("dan")]),
  ]);
  travellers.push(ada, ben, cleo, dan);
  const party = { hubs, travellers, ada, ben, cleo, dan };
  await tellBeginning(party);

  chapter("The power of global is cut (kill -9), and of west too");
  await Promise.all([global.kill(), west.kill()]);
  say("east", "goes on alone, with ada and ben");
  say("west", "is gone: cleo and dan have no hub at all, and each only its own disk");
  await tellIslands(party);

  chapter("Both hubs start again, and nobody does anything");
  const healMs = realWorld.clock.monotonic();
  await Promise.all([global.restart(), west.restart()]);
  const upMs = realWorld.clock.monotonic();
  await tellHealed(party);
  const tookMs = realWorld.clock.monotonic() - upMs;
  const seconds = (ms: number) => `${(ms / msPerSecond).toFixed(1)} s`;
  say(
    "",
    `Equal ${seconds(tookMs)} after the hubs were back (they took ${seconds(upMs - healMs)})`,
  );

  chapter("What ada and dan wrote of the same field, neither knowing of the other's");
  await tellConflict(party);

  chapter("And the counter");
  await tellSums(party);
}

function say(who: string, text: string): void {
  console.log(`  ${who.padEnd(nameWidth)}${text}`);
}
