import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { OpSchema, Refusal, Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Carriage, Hold, Patch } from "./hold.ts";
import type { Limits } from "./limits.ts";
import type { Rules } from "./rules.ts";
import type { Staging } from "./staging.ts";

/** What a replica's part of sync holds: what its disk holds, and how its session goes. */
export interface SpokeState {
  readonly replica: string;
  readonly tenant: string;
  readonly zones: readonly string[];
  readonly rules: Rules;
  readonly limits: Limits;
  readonly holds: Map<string, Hold>;
  /** Streams of which it takes nothing for now: what they hold stays, and what it wrote goes up. */
  readonly paused: Set<string>;
  /** The session it has, if any. */
  session: string | undefined;
  readonly links: Map<string, Link>;
  /**
   * How long it has waited for a hub that knows enough, over all sessions; counted in passing time,
   * which a clock that jumps does not change.
   */
  readonly waitedMs: Map<string, number>;
}

/** Why a hub takes nothing more of a replica, and which of its ops lie in quarantine by that. */
export interface Bar {
  readonly refusal: Refusal;
  to: number;
}

/** How a stream goes in the session. */
export interface Link {
  mode: "OPENING" | "LIVE" | "WAIT" | "SNAPSHOT" | "REFUSED";
  /** A push that is not acknowledged yet: whose, and its last op. */
  pushing: { readonly replica: string; readonly to: number } | undefined;
  /** How far the hub knows each replica whose ops it was offered. */
  readonly known: Map<string, number>;
  /** Of these the hub lacks an op that is not here: try again later. */
  readonly stuck: Set<string>;
  /** Of these the hub takes nothing more in this session. */
  readonly barred: Map<string, Bar>;
  staging: Staging | undefined;
}

/** One write, as a program asks for it. */
export type Wish = Omit<MessageInitShape<typeof OpSchema>, "hlcMs" | "$typeName">;

/** What happens to a replica. */
export type SpokeEvent =
  | { readonly type: "subscribe"; readonly stream: Stream }
  | { readonly type: "unsubscribe"; readonly stream: Stream }
  | { readonly type: "write"; readonly stream: Stream; readonly wish: Wish }
  | { readonly type: "opened"; readonly session: string }
  | { readonly type: "closed"; readonly session: string }
  | { readonly type: "frame"; readonly session: string; readonly frame: Frame }
  /** A peer hands over ops, its own or others', while the hub is away. */
  | { readonly type: "handed"; readonly stream: Stream; readonly ops: readonly Carriage[] }
  | { readonly type: "tick"; readonly passedMs: number };

/** What a replica wants done, in this order: what follows a save waits until it is on disk. */
export type SpokeEffect =
  | { readonly type: "save"; readonly patch: Patch }
  | { readonly type: "send"; readonly session: string; readonly frame: Frame }
  | { readonly type: "close"; readonly session: string; readonly reason: string }
  | { readonly type: "incident"; readonly reason: SpokeIncident; readonly key: string };

/** What a program or its operator should hear of. */
export type SpokeIncident =
  /** What it holds differs from what its hub held at the same place; it starts over. */
  | "DIGEST_DIFFERS"
  /** A hub takes no frame of this stream from it, or sent one that may not leave its zone. */
  | "REFUSED"
  /** It shows less than before: the hub lost what it had shown, and nobody brought it back. */
  | "WENT_BACK"
  /** A hub knows more of its key than it ever wrote: its disk was put back, or copied. */
  | "KEY_BURNT";

/** A replica that has just started, with what its disk holds. */
export function newSpoke(
  start: Pick<SpokeState, "replica" | "tenant" | "zones" | "rules" | "limits" | "holds">,
): SpokeState {
  const links = new Map<string, Link>();
  return { ...start, paused: new Set(), session: undefined, links, waitedMs: new Map() };
}

/** A stream that the session has just opened. */
export function newLink(): Link {
  return {
    mode: "OPENING",
    pushing: undefined,
    known: new Map(),
    stuck: new Set(),
    barred: new Map(),
    staging: undefined,
  };
}
