/** What bounds a hub or a replica; a configuration may lower them. */
export interface Limits {
  /** Of one op, as bytes. */
  readonly opBytesMax: number;
  /** How many ops or entries one frame carries. */
  readonly frameOpsMax: number;
  /** How many bytes of ops one frame carries. */
  readonly frameBytesMax: number;
  /** What a side takes in one lane before it has acknowledged any. */
  readonly creditBytes: number;
  /** What a session has under way in all lanes together. */
  readonly flightBytesMax: number;
  /** How many pushes and batches are committed together. */
  readonly commitItemsMax: number;
  /** How many cells one part of a snapshot carries. */
  readonly partCellsMax: number;
  /** How many places of the log lie between two checkpoints. */
  readonly checkpointEvery: number;
  /** How many concurrent values a field takes; more must be resolved first. */
  readonly siblingsMax: number;
  /** How many refused ops of one replica a stream remembers: after these it takes no more. */
  readonly refusedMax: number;
  /** How far ahead of the hub's clock an op's hybrid time may be. */
  readonly aheadMsMax: number;
  /** How long a replica's marks are remembered, and so how old its key may be. */
  readonly dedupeMs: number;
  /** How long a hub that is away holds back the truncation of the log. */
  readonly leaseMs: number;
  /** How long a replica waits for a hub to know all it has seen. */
  readonly waitMsMax: number;
  /** How many of its ops a replica keeps after a hub's parent has them too. */
  readonly settledKept: number;
  /** How many streams that nobody wrote to a tenant's readers have it carry. */
  readonly unwrittenMax: number;
  /** The last place of a log that a push may take, and the last stamp of a hub. */
  readonly counterMax: number;
}

const dayMs = 86_400_000;

/** The last number a log, a hub or a replica gives out in one life. */
export const counterMax = 2 ** 32 - 1;

/** What holds where nobody says otherwise. */
export const defaultLimits: Limits = {
  opBytesMax: 131_072,
  frameOpsMax: 256,
  frameBytesMax: 262_144,
  creditBytes: 262_144,
  flightBytesMax: 524_288,
  commitItemsMax: 256,
  partCellsMax: 512,
  checkpointEvery: 1000,
  siblingsMax: 16,
  refusedMax: 1024,
  aheadMsMax: 60_000,
  dedupeMs: 30 * dayMs,
  leaseMs: 7 * dayMs,
  waitMsMax: 600_000,
  settledKept: 1000,
  unwrittenMax: 4096,
  counterMax,
};
