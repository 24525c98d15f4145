import { clock } from "./clock.ts";
import { type Connection, follow } from "./follow.ts";
import { createTold, type Told } from "./told.ts";
import { whenVisible } from "./visible.ts";

/** A state kept up to date by a server stream, and how that stream stands. */
export interface Live<State> {
  readonly read: () => State;
  readonly connection: () => Connection;
  readonly subscribe: (listener: () => void) => () => void;
  /** Keeps the stream open until the returned function is called. */
  readonly hold: () => () => void;
  /** Tries again now. */
  readonly hurry: () => void;
}

/** What a live state is made of. */
export interface LiveParts<State, Item> {
  readonly first: State;
  /** Opens the stream from where the state ends. */
  readonly open: (state: State, signal: AbortSignal) => AsyncIterable<Item>;
  readonly reduce: (state: State, item: Item) => State;
  /** Whether the item asks to connect again, and after how many milliseconds. */
  readonly reconnect: (item: Item) => number | undefined;
  /** After so long a silence the stream is opened anew. */
  readonly silenceMs?: number;
  /** How many milliseconds lie between two tellings of this state, at least; a frame without. */
  readonly paceMs?: (state: State) => number;
  /** The state without its cursor. */
  readonly forget: (state: State) => State;
}

interface Cell<State> {
  state: State;
  connection: Connection;
  hurrying: AbortController;
  running: AbortController | undefined;
}

/** Readers are told at most once a frame, however fast items arrive. */
export function createLive<State, Item>(parts: LiveParts<State, Item>): Live<State> {
  const cell: Cell<State> = {
    state: parts.first,
    connection: { state: "idle" },
    hurrying: new AbortController(),
    running: undefined,
  };
  const told = createTold(() => parts.paceMs?.(cell.state) ?? 0);
  const start = () => run(parts, cell, told);
  const stop = () => {
    cell.running?.abort();
    cell.running = undefined;
  };
  const hurry = () => {
    cell.hurrying.abort();
    cell.hurrying = new AbortController();
    if (cell.connection.state !== "refused" || cell.running === undefined) return;
    stop();
    start();
  };
  let holders = 0;
  return {
    read: () => cell.state,
    connection: () => cell.connection,
    subscribe: told.subscribe,
    hold() {
      holders += 1;
      const leave = whenVisible(start, stop, hurry);
      return () => {
        leave();
        holders -= 1;
        if (holders === 0) stop();
      };
    },
    hurry,
  };
}

function run<State, Item>(parts: LiveParts<State, Item>, cell: Cell<State>, told: Told): void {
  if (cell.running !== undefined) return;
  cell.running = new AbortController();
  const { signal } = cell.running;
  const stream = {
    open: (opened: AbortSignal) => parts.open(cell.state, opened),
    take(item: Item) {
      cell.state = parts.reduce(cell.state, item);
      told.tell();
      return parts.reconnect(item);
    },
    lost() {
      cell.state = parts.forget(cell.state);
    },
    changed(connection: Connection) {
      if (signal.aborted) return;
      cell.connection = connection;
      told.tell();
    },
    silenceMs: parts.silenceMs,
    hurry: () => cell.hurrying.signal,
  };
  void follow<Item>(stream, clock, signal);
}
