import { create } from "@bufbuild/protobuf";
import { TrustScoredSchema } from "@foedus/gen/foedus/learning/v1/learning_event_pb.js";
import type { NodeTrust, TrustLevel } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { NodeTrustSchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import type { GivenLevel } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import { GivenLevelSchema } from "@foedus/gen/foedus/learning/v1/learning_witness_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { fact, type Fact } from "@foedus/kernel/change.ts";
import { levelOf } from "./reputation.ts";

/** What an admin says of a node. */
export interface LevelWish {
  readonly level: TrustLevel;
  readonly reason: string;
}

/** Gives a node a level; it shows at once, and what was earned is found by the next cycle. */
export function giveLevel(
  node: { readonly id: string; readonly name: string },
  trust: NodeTrust | undefined,
  caller: Caller,
  wish: LevelWish,
  nowMs: number,
): { next: GivenLevel; answer: NodeTrust } {
  const { level, reason } = wish;
  const next = create(GivenLevelSchema, {
    level,
    reason,
    givenBy: caller.id,
    giveMs: BigInt(nowMs),
  });
  const before = trust ?? create(NodeTrustSchema, { nodeId: node.id, nodeName: node.name });
  const standing = { value: before.reputation, goodMs: undefined };
  const shown = levelOf(true, next, standing, nowMs);
  const because = [shown.because, ...before.because.slice(1)];
  return { next, answer: { ...before, level: shown.level, because } };
}

/** What is told when a level changes between two cycles: where the node stands now. */
export function levelTold(trust: NodeTrust, cycleId = ""): Fact {
  return fact(TrustScoredSchema, trust.nodeId, { cycleId, trust });
}
