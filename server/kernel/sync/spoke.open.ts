import type { Hello } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import { framed } from "./frame.ts";
import { applyPatch, type Hold, type Patch } from "./hold.ts";
import { newLink, type SpokeEffect, type SpokeState } from "./spoke.state.ts";

/** Carries a patch out in memory and asks for the same on disk. */
export function save(hold: Hold, patch: Patch): SpokeEffect {
  applyPatch(hold, patch);
  return { type: "save", patch };
}

/**
 * Somebody else writes with its key, or itself before its disk was put back: nothing that a hub
 * says of the key's ops is of those that are here. It goes on once it has a new key.
 */
export function burnt(state: SpokeState, key: string): SpokeEffect[] {
  const { session } = state;
  if (session === undefined) return [];
  state.session = undefined;
  const reason = "its key is another's, too";
  return [
    { type: "incident", reason: "KEY_BURNT", key },
    { type: "close", session, reason },
  ];
}

/** Opens a stream in the session, where there is one. */
export function hello(state: SpokeState, key: string): readonly SpokeEffect[] {
  const { session, replica, limits } = state;
  const hold = state.holds.get(key);
  if (session === undefined || hold === undefined) return [];
  state.links.set(key, newLink());
  const behind = (state.waitedMs.get(key) ?? 0) > limits.waitMsMax;
  const { stream, cursor } = hold;
  const creditBytes = state.paused.has(key) ? 0 : limits.creditBytes;
  const value: Partial<Hello> = { stream, replica, behind, creditBytes };
  const vector = { ...hold.vector };
  const frame = framed({ case: "hello", value: { ...value, cursor, vector } as Hello });
  return [{ type: "send", session, frame }];
}
