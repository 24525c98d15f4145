/** Tasks that a process has handed up to its parent at a time, at most. */
export const handedMax = 1_000;
/** So many of these places are for queues that have none yet, and half of them for lines, too. */
const spare = 200;
/** A queue has at most so many times what it leaves to others, and a line of what its queue may. */
const leftMost = 4;

/** A task that is handed up: where it came from. */
export interface Place {
  readonly queue: string;
  readonly line: string;
}

/** So many tasks may follow from each of these lines, and so many from all of them. */
export interface Room {
  readonly lines: readonly string[];
  readonly count: number;
}

/**
 * How many more tasks of a queue may be handed up, for lines that may have about as many: whoever
 * was there first leaves places to others, and a queue or line that has none gets one.
 */
export function roomsFor(taken: readonly Place[], queue: string, lines: readonly string[]): Room[] {
  const used = taken.length;
  const own = taken.filter((place) => place.queue === queue);
  const left = handedMax - spare - used;
  const first = own.length === 0 && used < handedMax ? 1 : 0;
  const queueRoom = Math.max(first, moreOf(left, own.length));
  const byLine = Map.groupBy(own, ({ line }) => line);
  const canBegin = queueRoom > 0 || used < handedMax - spare / 2;
  const groups = new Map<number, { lines: string[]; count: number }>();
  for (const line of lines) {
    const held = byLine.get(line)?.length ?? 0;
    const room = Math.max(held === 0 && canBegin ? 1 : 0, moreOf(queueRoom, held));
    if (room === 0) continue;
    const size = Math.floor(Math.log2(room) / 2);
    const group = groups.get(size);
    if (group === undefined) groups.set(size, { lines: [line], count: room });
    else [group.lines, group.count] = [[...group.lines, line], Math.min(group.count, room)];
  }
  const sizes = [...groups].toSorted(([one], [other]) => other - one);
  return sizes.map(([, group]) => group);
}

/** So many more that what is had then is at most the multiple of what is left then. */
function moreOf(left: number, held: number): number {
  return Math.max(0, Math.floor((leftMost * left - held) / (leftMost + 1)));
}
