import type { Needs, TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { hex } from "../bytes.ts";
import { sha256 } from "../digest.ts";

/** Tasks of a queue that the same workers can do: a range of the index that claims read. */
export interface Line {
  /** A UUID that says queue, kind and needs. */
  readonly id: string;
  readonly queue: string;
  readonly kind: string;
  readonly needs: Needs | undefined;
}

/** The line a task waits in. */
export function lineOf({ queue, kind, needs }: Pick<TaskSpec, "queue" | "kind" | "needs">): Line {
  const digest = hex(sha256(lineText(queue, kind, needs)));
  return { id: uuidOf(digest), queue, kind, needs };
}

/** Queue, kind and needs as one text, the same in whatever order the needs were said. */
export function lineText(queue: string, kind: string, needs: Needs | undefined): string {
  const { nodeId = "", model = "", capabilities = [], labels = {} } = needs ?? {};
  const words = Object.entries(labels).toSorted(byName);
  return JSON.stringify([queue, kind, nodeId, model, [...capabilities].toSorted(), words]);
}

function byName([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : Number(one > other);
}

function uuidOf(digest: string): string {
  const part = (from: number, to: number) => digest.slice(from, to);
  return [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
}
