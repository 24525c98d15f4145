import { expect, test } from "vitest";
import { taskCommand, typed, workLine } from "./as-cli.ts";
import { emptyDraft, payloadProblem, specOf } from "./draft.ts";
import { listWishIn } from "./list-words.ts";
import { sharePercent, shareOf, weightsIn, weightsText } from "./share.ts";
import { taskViewIn } from "./view.ts";

const taskId = `task_${"0".repeat(26)}`;

test("each part of the page has its command", () => {
  expect(taskCommand({})).toBe("npx foedus task queues");
  expect(taskCommand({ queue: "mail" })).toBe("npx foedus task queue mail");
  expect(taskCommand({ task: "task_1" })).toBe("npx foedus task show task_1");
  expect(taskCommand({ view: "workers", queue: "$(x)" })).toBe(
    "npx foedus task workers --queue '$(x)'",
  );
  expect(taskCommand({ queue: "mail", state: "failed" })).toBe("npx foedus task dead --queue mail");
  expect(workLine("mail")).toBe("npx foedus task work mail --data ./my-node -- ./do-it.sh");
  expect(typed("foedus task retry task_1")).toBe("npx foedus task retry task_1");
});

test("an address that means nothing shows the queues, and all tasks", () => {
  const view = taskViewIn({ view: "nonsense", state: "nonsense", sort: "nonsense" });
  expect(view).toMatchObject({ tab: "queues", states: { word: "" }, sort: { key: "standing" } });
});

test("words look for a kind, labels, or a task by its id", () => {
  expect(listWishIn("scan.pdf team=sales empty=")).toEqual({
    taskId: undefined,
    kind: "scan.pdf",
    labels: { team: "sales", empty: "" },
  });
  expect(listWishIn(` ${taskId} `)).toMatchObject({ taskId });
  expect(listWishIn("=odd")).toMatchObject({ kind: "=odd", labels: {} });
});

test("a hub filters by four labels, and no more are asked for", () => {
  expect(Object.keys(listWishIn("a=1 b=2 c=3 d=4 e=5").labels)).toEqual(["a", "b", "c", "d"]);
});

test("shares are of the weights that have something ready", () => {
  const shares = [{ weight: 3 }, { weight: 1 }];
  expect(shares.map((share) => sharePercent(shareOf(share, shares)))).toEqual(["75 %", "25 %"]);
  expect(sharePercent(0.001)).toBe("< 1 %");
  expect(shareOf({ weight: 1 }, [])).toBe(0);
});

test("weights are written one a line, and read back as they were", () => {
  const weights = { acme: 3, "": 0.5, "a key": 1_000 };
  expect(weightsIn(weightsText(weights))).toEqual({ weights });
  for (const line of ["acme", "acme=", "acme=-1", "acme=0", "acme=0.0009", "acme=1001"]) {
    expect(weightsIn(line)).toHaveProperty("problem");
  }
  expect(weightsIn("acme=0.001\nb=1000")).toHaveProperty("weights");
});

test("a payload is JSON of at most 256 KiB, or nothing", () => {
  expect(payloadProblem("")).toBe("");
  expect(payloadProblem('{"a": 1}')).toBe("");
  expect(payloadProblem("{oops")).toContain("Not JSON");
  expect(payloadProblem(`"${"x".repeat(262_142)}"`)).toBe("");
  expect(payloadProblem(`"${"x".repeat(262_143)}"`)).toContain("256 KiB");
});

test("a task is what was written, and a delay counts from now", () => {
  const draft = { ...emptyDraft, queue: " mail ", kind: "send", delay: "90", payload: '{"a":1}' };
  const spec = specOf(draft, 1_000);
  expect(spec).toMatchObject({ queue: "mail", kind: "send", priority: 5 });
  expect(spec.startTime?.seconds).toBe(91n);
  expect(new TextDecoder().decode(spec.payload?.body)).toBe('{"a":1}');
  expect(specOf({ ...draft, delay: "", payload: " " }, 1_000)).not.toHaveProperty(
    "startTime.nanos",
  );
});
