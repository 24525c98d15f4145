// What the sample instances write into one collection: a few notes of the people who look after
// this repository. They are those of examples/notes, which shows them too.
import type { World } from "@foedus/kernel/world.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import type { Collection } from "@foedus/sdk/sync/collection.ts";

/** A note's title, or whether it is done. */
export type NoteValue = string | boolean;

type Notes = Collection<NoteValue>;

/** What each sample begins with. */
const ownTitles: Readonly<Record<string, readonly string[]>> = {
  server: ["Try a restore from last night's backup", "Look at what the slowest call does"],
  web: ["Read every page in the dark", "Walk through the page without a mouse"],
  clients: ["Install the SDK in an empty folder", "Read every help text once"],
};

/** The note that two of them have an opinion on. */
export const meeting = "meeting";

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] as const;

/** How far each one moves the meeting; who is not here goes along. */
const movesBy: Readonly<Record<string, number>> = { server: 1, web: 2 };

const pauseMsMin = 20_000;
const pauseMsSpread = 40_000;

/** Opens the notes on a sample's node, and edits one now and then until the node ends. */
export async function shareNotes(node: FoedusNode, world: World): Promise<void> {
  try {
    const notes = await node.collection<NoteValue>("notes", { kinds: { title: "multi" } });
    // Before the hub is heard of: what another one writes at the same time, it cannot know.
    await begin(notes, node.name);
    while (!node.signal.aborted) {
      await world.timers.sleep(pauseMsMin + below(pauseMsSpread, world), node.signal);
      if (!node.signal.aborted) await editOne(notes, world);
    }
  } catch (error) {
    // The notes are for show: an instance goes on without them.
    if (!node.signal.aborted) console.error(`${node.name}: shares no notes: ${String(error)}`);
  }
}

/** What a sample writes as it starts: its own notes the first time, and a day for the meeting. */
export async function begin(notes: Notes, name: string): Promise<void> {
  const known = notes.list();
  await moveMeeting(notes, name);
  if (known.length > 0) return;
  for (const [at, title] of (ownTitles[name] ?? []).entries()) {
    await notes.put(`${name}-${at + 1}`, { title, done: false });
  }
}

/**
 * Proposes another day: two samples that do so at one start contradict each other. As long as
 * nobody has settled that, they wait; and a meeting that was removed is held no more.
 */
async function moveMeeting(notes: Notes, name: string): Promise<void> {
  const by = movesBy[name];
  const row = notes.get(meeting);
  const over = row === undefined && notes.list().length > 0;
  if (by === undefined || over || (row?.conflicts.length ?? 0) > 0) return;
  const title = String(row?.fields["title"] ?? "");
  const today = days.findIndex((day) => title.endsWith(day));
  const day = days[(today + by) % days.length] ?? days[0];
  await notes.put(meeting, { title: `We meet on ${day}` });
}

/** Ticks a note or unticks it, or counts one reading more. */
export async function editOne(notes: Notes, world: World): Promise<void> {
  const rows = notes.list();
  const row = rows[below(rows.length, world)];
  if (row === undefined) return;
  if (below(2, world) === 0) await notes.increment(row.record, "reads");
  else await notes.put(row.record, { done: row.fields["done"] !== true });
}

function below(bound: number, { random }: World): number {
  return Math.floor(random.fraction() * bound);
}
