import { create } from "@bufbuild/protobuf";
import { NeedsSchema } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { lineOf } from "@foedus/kernel/task/line.ts";
import { expect, test } from "vitest";
import { knownMax, Lines, wordsOf } from "./fitting.ts";

const line = (nodeId?: string, kind = "scan") =>
  lineOf({
    queue: "work",
    kind,
    needs: create(NeedsSchema, nodeId === undefined ? {} : { nodeId }),
  });
const worker = (nodeId: string, ...kinds: string[]) => ({
  offer: { kinds, capabilities: [], labels: {}, models: [] },
  node: { nodeId, labels: {} },
});
const fitOf = (lines: Lines, who: ReturnType<typeof worker>) => lines.of(who, wordsOf(who));

test("a line that names a node is fitted by this node only, beside those for all", () => {
  const all = [line("one"), line(), line("two"), line("one", "draw")];
  const lines = new Lines(all);
  const idsOf = (...at: number[]) => new Set(at.map((each) => all[each]?.id));
  expect(new Set(fitOf(lines, worker("one")))).toEqual(idsOf(0, 1, 3));
  expect(new Set(fitOf(lines, worker("two", "scan")))).toEqual(idsOf(1, 2));
  expect(fitOf(lines, worker("two", "draw"))).toEqual([]);
  expect(new Set(fitOf(lines, worker("three")))).toEqual(idsOf(1));
  expect(fitOf(lines, worker("three"))).toBe(fitOf(lines, worker("four")));
});

test("however many offers come, no more are remembered than the limit", () => {
  const lines = new Lines([line()]);
  for (let at = 0; at < knownMax; at++) fitOf(lines, worker("one", `kind-${at}`));
  expect(lines.size).toBe(knownMax);
  fitOf(lines, worker("one", "one more"));
  expect(lines.size).toBe(1);
});

test("thousands of nodes with lines of their own are looked at one by one, not all by each", () => {
  const nodes = Array.from({ length: 2_000 }, (_, at) => `node_${at}`);
  let looks = 0;
  const counted = nodes.map((node) => {
    const whole = line(node);
    return {
      ...whole,
      get kind() {
        looks += 1;
        return whole.kind;
      },
    };
  });
  const lines = new Lines(counted);
  looks = 0;
  for (const [at, node] of nodes.entries())
    expect(fitOf(lines, worker(node))).toEqual([counted[at]?.id]);
  expect(looks).toBeLessThanOrEqual(2 * nodes.length);
});
