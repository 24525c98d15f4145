import { create } from "@bufbuild/protobuf";
import type { Priority } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { PrioritySchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { AgreedPriority } from "@foedus/gen/foedus/learning/v1/learning_pb.js";
import { AgreedPrioritySchema } from "@foedus/gen/foedus/learning/v1/learning_pb.js";

/** What a node of known trust told. */
export interface Voice {
  readonly nodeId: string;
  readonly nodeName: string;
  /** 0 to 100. */
  readonly score: number;
  readonly priorities: readonly Priority[];
  /** The cursor of the event that told them. */
  readonly cursor: bigint;
}

/** Of one node, and of all together. */
export const topicsMax = 32;

/** Of one topic; the lightest are left out, though they counted. */
export const contributionsMax = 50;

interface Vote {
  readonly voice: Voice;
  readonly weight: number;
  readonly confidence: number;
  readonly trust: number;
}

/**
 * Averages what the nodes pursue, each by trust times confidence; the heaviest first. Those topics
 * are named that most stands behind: one node may tell many that nobody else does.
 */
export function agree(voices: readonly Voice[]): AgreedPriority[] {
  const topics = [...byTopic(voices)].flatMap(([topic, votes]) => {
    const total = sum(votes, (vote) => vote.trust * vote.confidence);
    const behind = sum(votes, (vote) => vote.trust * vote.confidence * vote.weight);
    return total > 0 ? [{ topic, votes, total, behind }] : [];
  });
  topics.sort((a, b) => b.behind - a.behind || (a.topic < b.topic ? -1 : 1));
  const named = topics.slice(0, topicsMax);
  const agreed = named.map(({ topic, votes, total }) => agreedOf(topic, votes, total));
  return agreed.toSorted((a, b) => b.weight - a.weight || (a.topic < b.topic ? -1 : 1));
}

function sum(votes: readonly Vote[], part: (vote: Vote) => number): number {
  return votes.reduce((all, vote) => all + part(vote), 0);
}

/** What was agreed, without who contributed. */
export function prioritiesOf(agreed: readonly AgreedPriority[]): Priority[] {
  return agreed.map(({ topic, weight, confidence }) =>
    create(PrioritySchema, { topic, weight, confidence }),
  );
}

function byTopic(voices: readonly Voice[]): Map<string, Vote[]> {
  const topics = new Map<string, Vote[]>();
  for (const voice of voices) {
    const own = new Map(voice.priorities.slice(0, topicsMax).map((one) => [one.topic, one]));
    for (const { topic, weight, confidence } of own.values()) {
      if (topic === "" || !isShare(weight) || !isShare(confidence)) continue;
      const votes = topics.get(topic) ?? [];
      votes.push({ voice, weight, confidence, trust: voice.score / 100 });
      topics.set(topic, votes);
    }
  }
  return topics;
}

function agreedOf(topic: string, votes: readonly Vote[], total: number): AgreedPriority {
  const trust = sum(votes, (vote) => vote.trust);
  const contributions = votes.map((vote) => {
    const { nodeId, nodeName, cursor } = vote.voice;
    const share = (vote.trust * vote.confidence) / total;
    return { nodeId, nodeName, weight: vote.weight, confidence: vote.confidence, share, cursor };
  });
  contributions.sort((a, b) => b.share - a.share || (a.nodeId < b.nodeId ? -1 : 1));
  return create(AgreedPrioritySchema, {
    topic,
    weight: sum(votes, (vote) => vote.weight * vote.trust * vote.confidence) / total,
    confidence: sum(votes, (vote) => vote.confidence * vote.trust) / trust,
    contributions: contributions.slice(0, contributionsMax),
  });
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
