// What a populated federation is, apart from the hub's own sources: those do not type-check beside
// the names of a browser, which the journeys know.
import type { HubSession } from "../../../tools/federation/session.ts";
import type { HubProcess } from "../hub.process.ts";
import type { Planned } from "./fleet.ts";

/** A hub, and who joined it. */
export interface Populated {
  readonly hub: HubProcess;
  /** Those that really joined; the others cannot be told to do anything. */
  readonly members: readonly Member[];
  /** How many nodes there are. */
  readonly count: number;
  session(): HubSession;
  stop(): Promise<void>;
}

/** How a hub is populated. */
export interface PopulatedOptions {
  /** What the folder is called after. */
  readonly name: string;
  readonly count: number;
  /** How many of them join as a node does, the first ones; the others are filled in. */
  readonly joining?: number;
}

/** A node that joined, and what it can be told to do. */
export interface Member {
  readonly id: string;
  readonly planned: Planned;
  /** A heartbeat that says it is well, or why it is not. */
  beat(reason?: string): Promise<void>;
  /** Signs and publishes what its plan says it tells of itself. */
  tell(): Promise<void>;
  /** Agrees on a link and reports what passed over it. */
  link(): Promise<void>;
  close(): void;
}
