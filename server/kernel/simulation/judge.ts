import type { Cell } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { isBare } from "../sync/cell.ts";
import { faceOf } from "../sync/digest.ts";
import { dotKey } from "../sync/dot.ts";
import type { Hold } from "../sync/hold.ts";
import { dotOfEntry, isRefused } from "../sync/mark.ts";
import { emptyHeap, take, type GrowingHeap, type Heap } from "./heap.ts";
import type { HubHost } from "./hub.host.ts";
import type { HubProcess } from "./hub.process.ts";
import type { SpokeHost } from "./spoke.host.ts";
import type { World } from "./world.ts";

const repeatedShareMax = 0.1;

/** What is not as it must be once nothing goes wrong any more; it may still become so. */
export function unsettled(world: World): string[] {
  const { spokes, hubs } = world;
  const alive = spokes.filter(({ isGone }) => !isGone);
  const down = [...hubs, ...alive].filter(({ isUp }) => !isUp).map(({ name }) => `${name} is down`);
  if (down.length > 0) return down;
  return [...alive.flatMap(restless), ...hubs.flatMap((hub) => busyAt(world, hub))];
}

function restless(spoke: SpokeHost): string[] {
  const { name, life, state } = spoke;
  if (life.isAgent) return [`${name} is not drained`];
  if (spoke.wire === undefined) return [`${name} is not connected`];
  return [...state.holds].flatMap(([key, hold]) => {
    const link = state.links.get(key);
    const whole = `${name} ${key}`;
    if (link?.mode !== "LIVE") return [`${whole} is ${link?.mode ?? "closed"}`];
    if (link.pushing !== undefined) return [`${whole} pushes`];
    const top = [...hold.overlay.values()].flatMap((over) => [...over.keys()]);
    return top.length > 0 ? [`${whole} has ${top.slice(0, 3).join()} on top`] : [];
  });
}

function busyAt({ ground: { tenants } }: World, hub: HubHost): string[] {
  const { name, parent, processes } = hub;
  const away = tenants.filter((tenant) => parent !== undefined && !hub.hasUplink(tenant));
  if (away.length > 0) return [`${name} is not connected for ${away.join()}`];
  return processes.flatMap(busyIn);
}

function busyIn({ name, state, hub }: HubProcess): string[] {
  const busy = [...state.streams].filter(([, { isCommitting }]) => isCommitting);
  const lags = [...state.sessions.values()].flatMap((session) =>
    [...session.feeds.values()].flatMap((feed) => {
      const whole = `${name} to ${session.name} ${feed.key}`;
      if (feed.mode !== "LIVE") return [`${whole} is ${feed.mode}`];
      if (feed.sent < hub.log.shelf(feed.key).head) return [`${whole} lags`];
      const isWhole = feed.unacked.length === 0 && feed.credit === hub.limits.creditBytes;
      return isWhole ? [] : [`${whole} has ${feed.credit} bytes of credit`];
    }),
  );
  return [...busy.map(([key]) => `${name} commits ${key}`), ...lags];
}

/** Says what no hub and no replica may differ in, now that all is quiet. */
export function judge(world: World): void {
  acknowledged(world);
  accountedFor(world);
  const oracle = oracles(world);
  for (const hub of world.hubs) {
    for (const [key, shelf] of hub.log.shelves) {
      compare(world, `${hub.name} ${key}`, [...shelf.cells.values()], oracle.get(key));
    }
  }
  for (const spoke of world.spokes.filter(({ isGone }) => !isGone)) {
    for (const [key, hold] of spoke.state.holds) {
      compare(world, `${spoke.name} ${key}`, [...hold.cells.values()], oracle.get(key));
    }
  }
  const { watch } = world.ground;
  const { relayed, known } = watch;
  if (known > relayed * repeatedShareMax) {
    watch.violated("INV-9", `of ${relayed} ops relayed in the calm, ${known} came twice`);
  }
}

/** What was acknowledged is at every hub that carries its stream. */
function acknowledged({ hubs, spokes, ground: { watch } }: World): void {
  // What a lost disk had, its author offers again; a hub may refuse it now, and that is seen.
  const shown = new Set(spokes.flatMap(({ state }) => [...state.holds].flatMap(quarantinedIn)));
  for (const name of watch.acked) {
    const author = watch.authored.get(name);
    if (author === undefined || (watch.excused.has(name) && author.isAgents)) continue;
    const [, dot = ""] = name.split(" ");
    if (watch.excused.has(name) && shown.has(name)) continue;
    const at = dot.lastIndexOf(":");
    const [replica, ctr] = [dot.slice(0, at), Number(dot.slice(at + 1))];
    if (!watch.accepted.has(name)) watch.violated("INV-1", `${name} is nowhere`);
    for (const hub of hubs) {
      const mark = hub.log.shelves.get(author.key)?.markOf(replica);
      if (mark === undefined && !hub.log.shelves.has(author.key)) continue;
      const has = mark !== undefined && mark.ctr >= ctr && !isRefused(mark, ctr);
      if (!has) watch.violated("INV-1", `${name} is not at ${hub.name}`);
    }
  }
}

/** What somebody wrote who is still here is stored, or lies where they can see that it is not. */
function accountedFor({ spokes, ground: { watch } }: World): void {
  for (const { name, replica, isGone, state } of spokes) {
    if (isGone) continue;
    for (const [key, { ctr, quarantine }] of state.holds) {
      for (let each = 1; each <= ctr; each++) {
        const dot = dotKey({ replica, ctr: each });
        if (watch.accepted.has(`${key} ${dot}`) || quarantine.has(dot)) continue;
        watch.violated(
          "INV-1",
          `${name} wrote ${dot} of ${key}, and it is neither stored nor shown`,
        );
      }
    }
  }
}

function quarantinedIn([key, { quarantine }]: [string, Hold]): string[] {
  return [...quarantine.keys()].map((dot) => `${key} ${dot}`);
}

/** What all ops together come to, by the law itself. */
function oracles({ ground: { watch } }: World): Map<string, Heap> {
  const heaps = new Map<string, GrowingHeap>();
  for (const { key, entry } of watch.accepted.values()) {
    const heap = heaps.get(key) ?? { cells: new Map(), ops: new Map() };
    take(heap, { dot: dotOfEntry(entry), bytes: entry.op });
    heaps.set(key, heap);
  }
  return heaps;
}

function compare(world: World, who: string, cells: readonly Cell[], heap = emptyHeap): void {
  const { watch } = world.ground;
  const wanted = [...heap.cells.values()];
  const sums = (all: readonly Cell[]) =>
    all
      .filter(({ sum }) => sum !== 0n)
      .map(sumOf)
      .toSorted();
  if (sums(cells).join() !== sums(wanted).join()) {
    watch.violated("INV-4", `${who} counts ${sums(cells).join()}, not ${sums(wanted).join()}`);
  }
  const [has, wants] = [values(cells), values(wanted)];
  const more = has.filter((each) => !wants.includes(each));
  const less = wants.filter((each) => !has.includes(each));
  if (more.length + less.length > 0) {
    watch.violated(
      "INV-2",
      `${who} has ${more.slice(0, 2).join()}, not ${less.slice(0, 2).join()}`,
    );
  }
  const late = cells.flatMap(({ pending }) => pending).filter((dot) => heap.ops.has(dotKey(dot)));
  if (late.length > 0) watch.violated("INV-2", `${who} still awaits ${late.map(dotKey).join()}`);
}

function sumOf({ record, sum }: Cell): string {
  return `${record}=${sum}`;
}

function values(cells: readonly Cell[]): string[] {
  const plain = cells.map((cell) => ({ ...cell, pending: [], sum: 0n }));
  return plain.filter((cell) => !isBare(cell)).map(faceOf);
}
