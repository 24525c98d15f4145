import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { DemoHub } from "./hubs.ts";
import { heldByHub, heldByNode, until, type Held, type Traveller } from "./sync.tree.ts";

/** Who takes part. */
export interface Party {
  readonly hubs: readonly DemoHub[];
  readonly travellers: readonly Traveller[];
  readonly ada: Traveller;
  readonly ben: Traveller;
  readonly cleo: Traveller;
  readonly dan: Traveller;
}

const nameWidth = 8;
const fieldsWidth = 3;
const record = "rome";

/** What each adds to the counter while it is alone. */
const alone = { ada: 3, ben: 4, cleo: 5, dan: 6 } as const;
const atFirst = 2;

/** Each writes once while all are connected; all places come to hold the same. */
export async function tellBeginning(party: Party): Promise<void> {
  const { ada, cleo, dan } = party;
  await ada.trip.put(record, { title: "A week in Rome", hotel: "open" });
  await cleo.trip.addTo("packing", "tent", true);
  await dan.trip.increment(record, "votes", atFirst);
  say("ada", `writes ${record}: title "A week in Rome", hotel "open"`);
  say("cleo", "packs a tent");
  say("dan", `adds ${atFirst} to the votes`);
  tellHeld(await untilEqual(party));
}

/** Everybody goes on, alone. */
export async function tellIslands(party: Party): Promise<void> {
  const { ada, ben, cleo, dan } = party;
  await ada.trip.put(record, { hotel: "Trastevere" });
  await ben.trip.addTo("packing", "camera", true);
  // Dan is to be the later of the two who write the same field, by more than a clock's tick.
  await Promise.all([ada, ben].map(({ trip }) => trip.settled()));
  await cleo.trip.removeFrom("packing", "tent");
  await cleo.trip.put("naples", { title: "Two days in Naples" });
  await dan.trip.put(record, { hotel: "Monti" });
  for (const one of [ada, ben, cleo, dan]) {
    await one.trip.increment(record, "votes", alone[one.name as keyof typeof alone]);
  }
  await Promise.all([ada, ben].map(({ trip }) => trip.settled()));
  say("ada", 'writes hotel "Trastevere"; adds 3 votes');
  say("ben", "packs a camera; adds 4 votes");
  say("cleo", 'takes the tent out again; writes naples, title "Two days in Naples"; adds 5 votes');
  say("dan", 'writes hotel "Monti"; adds 6 votes');
  const { east } = byName(party);
  const apart = await until(
    "ada and ben at one with east",
    () => Promise.all([heldByHub(east), ...party.travellers.map(heldByNode)]),
    ([hub, one, other]) => hub?.hash === one?.hash && hub?.hash === other?.hash,
  );
  tellHeld(apart);
  if (new Set(apart.map(({ hash }) => hash)).size === 1) throw new Error("nobody was apart");
}

/** All find together by themselves. */
export async function tellHealed(party: Party): Promise<void> {
  const held = await untilEqual(party);
  tellHeld(held);
}

/** The conflict, as a hub explains it, and its end. */
export async function tellConflict(party: Party): Promise<void> {
  const { global } = byName(party);
  const { conflicts } = await global.session.as(CollectionService).listConflicts({});
  const [conflict, ...others] = conflicts;
  if (conflict === undefined || others.length > 0) throw new Error("not one conflict");
  const [one, other] = party.ada.trip.conflicts()[0]?.values ?? [];
  const shown = party.ben.trip.get(record)?.fields["hotel"];
  say(
    "all",
    `show ${JSON.stringify(shown)}, and keep ${JSON.stringify(other?.value)}; none is lost`,
  );
  say("global", `explains: ${named(party, conflict.why)}`);
  if (one?.value !== shown) throw new Error("ada and ben show different values");
  const both = `${String(one?.value)}, then ${String(other?.value)}`;
  await party.dan.trip.resolve(record, "hotel", both);
  say("dan", `resolves it: hotel ${JSON.stringify(both)}`);
  const resolved = ({ trip }: Traveller) =>
    trip.conflicts().length === 0 && trip.get(record)?.fields["hotel"] === both;
  await until("the resolution everywhere", () => party.travellers.map(resolved), isAll);
  tellHeld(await untilEqual(party));
}

/** Each amount counts once, however often it was sent. */
export async function tellSums(party: Party): Promise<void> {
  const added = Object.values(alone).reduce((sum, one) => sum + one, atFirst);
  for (const { name, trip } of party.travellers) {
    const votes = trip.get(record)?.counts["votes"];
    say(name, `${String(votes)} votes`);
    if (votes !== added) throw new Error(`${name} counts ${String(votes)}, not ${added}`);
  }
  const each = Object.values(alone).join(" + ");
  say("", `${atFirst} + ${each} = ${added}: nothing was lost, nothing was counted twice`);
}

/** Waits until all hubs and nodes hold the same, and nothing is on its way. */
async function untilEqual({ hubs, travellers }: Party): Promise<Held[]> {
  return await until(
    "one state everywhere",
    () => Promise.all([...hubs.map(heldByHub), ...travellers.map(heldByNode)]),
    (held) => new Set(held.map(faceOf)).size === 1 && held.every(({ waiting }) => waiting === 0),
  );
}

function faceOf({ fields, hash }: Held): string {
  return `${fields} ${hash}`;
}

function tellHeld(held: readonly Held[]): void {
  for (const { place, fields, hash, waiting } of held) {
    const queue = waiting === 0 ? "" : `, ${waiting} writes wait for a hub`;
    say(place, `${String(fields).padStart(fieldsWidth)} fields, state ${hash}${queue}`);
  }
}

/** A hub two steps away knows replicas and not who writes with them. */
function named({ travellers }: Party, text: string): string {
  const put = (so: string, { name, replica }: Traveller) =>
    so.replaceAll(`replica ${replica}`, name);
  return travellers.reduce(put, text);
}

function byName({ hubs }: Party): Record<"global" | "east", DemoHub> {
  const named = (name: string) => {
    const hub = hubs.find((one) => one.name === name);
    if (hub === undefined) throw new Error(`there is no ${name}`);
    return hub;
  };
  return { global: named("global"), east: named("east") };
}

function isAll(held: readonly boolean[]): boolean {
  return held.every(Boolean);
}

function say(who: string, text: string): void {
  console.log(`  ${who.padEnd(nameWidth)}${text}`);
}
