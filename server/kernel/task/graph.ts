import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "../fault.ts";

/** What one task of a batch waits for: others of the batch by their places, and ids. */
export interface Waits {
  readonly inside: readonly number[];
  readonly outside: readonly string[];
}

const place = /^#(\d+)$/;

/**
 * Reads what the tasks of a batch wait for.
 *
 * @throws Fault TASK_DEPENDENCY_UNKNOWN for a place that the batch does not have;
 * TASK_DEPENDENCY_CIRCLE when some wait for each other.
 */
export function waitsOf(batch: readonly { readonly dependsOn: readonly string[] }[]): Waits[] {
  const waits = batch.map(({ dependsOn }) => ({
    inside: [...new Set(dependsOn.flatMap((each) => placeOf(each, batch.length) ?? []))],
    outside: [...new Set(dependsOn.filter((each) => !place.test(each)))],
  }));
  const circle = circleIn(waits);
  if (circle === undefined) return waits;
  const text = circle.map((at) => `#${at}`).join(" -> ");
  throw new Fault(Reason.TASK_DEPENDENCY_CIRCLE, { circle: text });
}

function placeOf(name: string, count: number): number | undefined {
  const [, digits] = place.exec(name) ?? [];
  if (digits === undefined) return undefined;
  const at = Number(digits);
  if (at < count) return at;
  const detail = `the batch has ${count} tasks, the first is #0`;
  throw new Fault(Reason.TASK_DEPENDENCY_UNKNOWN, { task: name, detail });
}

/** One circle, its first place again at its end; undefined when there is none. No recursion. */
function circleIn(waits: readonly Waits[]): number[] | undefined {
  const done = new Set<number>();
  for (const start of waits.keys()) {
    const path: { readonly at: number; next: number }[] = [];
    const onPath = new Set<number>();
    const enter = (at: number) => {
      path.push({ at, next: 0 });
      onPath.add(at);
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = waits[top.at]?.inside[top.next++];
      if (to === undefined) {
        path.pop();
        onPath.delete(top.at);
        done.add(top.at);
      } else if (onPath.has(to)) {
        const ats = path.map(({ at }) => at);
        return [...ats.slice(ats.indexOf(to)), to];
      } else if (!done.has(to)) {
        enter(to);
      }
    }
  }
  return undefined;
}
