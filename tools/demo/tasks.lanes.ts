/** One worker's hold on a task, as the hub's own record has it. */
export interface Held {
  /** How the task is called here, e.g. "07". */
  readonly label: string;
  readonly worker: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly isDone: boolean;
  /** When its worker died; the hold goes on until its lease lapses. */
  readonly diedMs?: number;
  /** Its worker died before it heard of the task: the hub saw that, and gave it to another. */
  readonly isUnread?: boolean;
}

/** What the lanes show: the time from the first to the last, over so many columns. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly columns: number;
}

/** How a piece of a lane is meant; a terminal may show it as a colour. */
export type Tone = "done" | "died" | "waiting" | "plain";

/** A piece of a lane. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** A row of a worker: several, if it does several tasks at once. */
export interface Lane {
  readonly worker: string;
  readonly pieces: readonly Piece[];
}

const msPerSecond = 1_000;

/** The lanes of each worker, in the order of their names given. */
export function lanesOf(workers: readonly string[], held: readonly Held[], on: Stretch): Lane[] {
  return workers.flatMap((worker) => {
    const own = held.filter((one) => one.worker === worker);
    const rows = rowsOf(own.toSorted((one, other) => one.fromMs - other.fromMs));
    return (rows.length === 0 ? [[]] : rows).map((row) => ({ worker, pieces: drawn(row, on) }));
  });
}

/** A scale over the lanes: a mark at each second. */
export function scaleOf(on: Stretch): string {
  let scale = "";
  const seconds = Math.floor((on.untilMs - on.fromMs) / msPerSecond);
  for (let second = 0; second <= seconds; second++) {
    const at = columnOf(on.fromMs + second * msPerSecond, on);
    if (at >= scale.length + 1 || second === 0) scale = `${scale.padEnd(at)}${second} s`;
  }
  return scale;
}

/** Each hold goes into the first row that is free by then. */
function rowsOf(held: readonly Held[]): Held[][] {
  const rows: Held[][] = [];
  for (const one of held) {
    const free = rows.find((row) => (row.at(-1)?.untilMs ?? 0) <= one.fromMs);
    if (free === undefined) rows.push([one]);
    else free.push(one);
  }
  return rows;
}

function drawn(row: readonly Held[], on: Stretch): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const one of row) {
    const from = Math.max(at, columnOf(one.fromMs, on));
    if (from > at) pieces.push({ text: " ".repeat(from - at), tone: "plain" });
    const bar = barOf(one, from, on);
    pieces.push(...bar);
    at = from + bar.reduce((sum, { text }) => sum + text.length, 0);
  }
  return pieces;
}

/** "07━━━━━", or "07━━╳·····" where the worker died and its lease went on. */
function barOf(held: Held, from: number, on: Stretch): Piece[] {
  const until = columnOf(held.untilMs, on);
  const died = held.diedMs === undefined ? undefined : columnOf(held.diedMs, on);
  const solid = Math.max(held.label.length, (died ?? until) - from - 1);
  const text = `${held.label}${"━".repeat(solid - held.label.length)}`;
  if (held.isUnread) return [{ text: `${text.replaceAll("━", "·")} `, tone: "waiting" }];
  if (died === undefined) return [{ text: `${text} `, tone: held.isDone ? "done" : "waiting" }];
  const rest = Math.max(0, until - from - solid - 2);
  return [
    { text: `${text}╳`, tone: "died" },
    { text: `${"·".repeat(rest)} `, tone: "waiting" },
  ];
}

function columnOf(ms: number, { fromMs, untilMs, columns }: Stretch): number {
  const share = (ms - fromMs) / Math.max(1, untilMs - fromMs);
  return Math.round(Math.min(1, Math.max(0, share)) * columns);
}
