import type { Cell, Entry, Mark, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Pushed, Relayed } from "./admit.ts";
import type { Terms } from "./charter.ts";
import type { Digest } from "./digest.ts";
import type { Staging } from "./staging.ts";
import type { Vector } from "./vector.ts";

/** A stream of one session: for whom something was asked. */
export interface Ref {
  readonly session: string;
  readonly key: string;
  /** Of a look: which hello of the stream it is for; a later one makes the answer worthless. */
  readonly hello?: number;
}

/** Something to commit. What is committed together is on disk together, or not at all. */
export type Item =
  | {
      readonly type: "push";
      readonly session: string;
      readonly push: Push;
      /** By which revisions its ops may be written. */
      readonly terms: Terms;
    }
  | {
      readonly type: "relay";
      readonly session: string;
      readonly id: number;
      readonly entries: readonly Entry[];
    }
  | { readonly type: "adopt"; readonly session: string; readonly staging: Staging };

/** What a hub asks of its log; each request has one answer of the same type. */
export type LogRequest =
  | {
      readonly type: "look";
      readonly ref: Ref;
      /** Whose stream it is; the key is that of both. */
      readonly tenant: string;
      readonly stream: Stream;
      /** Whose mark is asked for. */
      readonly replica: string;
      /** What the other side has seen. */
      readonly vector: Vector;
      /** The parent whose lease says what it has. */
      readonly parent: string | undefined;
      /** The hub that asks to follow: it has a lease from now on, if no place it lacks is gone. */
      readonly child: string | undefined;
    }
  | {
      readonly type: "commit";
      readonly key: string;
      readonly items: readonly Item[];
      /** The parent that has to be told: of a log that begins nothing is forgotten before that. */
      readonly parent?: string;
    }
  | {
      readonly type: "page";
      readonly ref: Ref;
      readonly after: number;
      readonly bytesMax: number;
      readonly opsMax: number;
    }
  | {
      readonly type: "part";
      readonly ref: Ref;
      /** The key of the last cell of the part before. */
      readonly after: string | undefined;
      readonly cellsMax: number;
    }
  | {
      readonly type: "lease";
      readonly key: string;
      readonly peer: string;
      readonly seq: number;
      /** The log that was followed: in another life the place means nothing. */
      readonly epoch: string;
      /** Of the parent: what it lacks is never forgotten. */
      readonly forGood: boolean;
    };

/** Where a log stands. */
export interface Standing {
  readonly epoch: string;
  readonly head: number;
  readonly vector: Vector;
}

/** What became of an item. */
export type Result =
  | { readonly type: "push"; readonly session: string; readonly push: Push; readonly done: Pushed }
  | {
      readonly type: "relay";
      readonly session: string;
      readonly id: number;
      readonly count: number;
      readonly done: Relayed;
    }
  | { readonly type: "adopt"; readonly session: string };

/** What a log answers. */
export type LogAnswer =
  | {
      readonly type: "look";
      readonly ref: Ref;
      readonly tenant: string;
      readonly stream: Stream;
      readonly standing: Standing;
      readonly horizon: number;
      readonly horizonVector: Vector;
      readonly mark: Mark;
      /** The replica's ops up to this one are at the parent. */
      readonly settledCtr: number;
      /** All places up to this one are in the vector that was asked with. */
      readonly from: number;
    }
  | {
      readonly type: "commit";
      readonly key: string;
      readonly results: readonly Result[];
      readonly standing: Standing;
    }
  | {
      readonly type: "page";
      readonly ref: Ref;
      /** The life of the log it was read from: another process may have rebuilt it. */
      readonly epoch: string;
      readonly after: number;
      readonly to: number;
      readonly entries: readonly Entry[];
      /** The places asked for were truncated. */
      readonly gone: boolean;
      /** What all cells come to, if the page goes up to the head. */
      readonly digest: Digest | undefined;
    }
  | {
      readonly type: "part";
      readonly ref: Ref;
      readonly after: string | undefined;
      readonly cells: readonly Cell[];
      readonly marks: readonly Mark[];
      readonly last: boolean;
      readonly standing: Standing;
    }
  | { readonly type: "lease"; readonly key: string; readonly peer: string; readonly seq: number };

/** The log under a hub: PostgreSQL, or its twin in memory. */
export interface Log {
  answer(request: LogRequest, nowMs: number): LogAnswer | Promise<LogAnswer>;
}
