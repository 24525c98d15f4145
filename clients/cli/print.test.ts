import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { ListNodesResponseSchema } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { isColourful } from "./context.ts";
import { bad, dim, good } from "./paint.ts";
import type { Output } from "./print.ts";
import { printTo } from "./print.ts";

function recorder(output: Output, colour = false) {
  const out: string[] = [];
  const errors: string[] = [];
  const sink = (texts: string[]) => ({ colour, write: (text: string) => void texts.push(text) });
  const print = printTo(output, sink(out), sink(errors));
  return { print, out: () => out.join(""), errors: () => errors.join("") };
}

const [escape, turned] = ["\u001b", "\u202e"];
const hostile = `web${escape}[2J${turned}`;
const nodes = [
  { id: "node_1", name: hostile, state: NodeState.ONLINE, skewMs: 9_007_199_254_740_993n },
];
const answer = create(ListNodesResponseSchema, { nodes });

test("bytes go as they are into a file, and as lines that paint nothing onto a terminal", () => {
  const body = new TextEncoder().encode(`a${escape}[2J\nb\n`);
  const written = (isTerminal: boolean) => {
    const chunks: (string | Uint8Array)[] = [];
    const sink = {
      colour: true,
      isTerminal,
      write: (text: string | Uint8Array) => void chunks.push(text),
    };
    printTo("text", sink, sink).bytes(body);
    return chunks;
  };
  expect(written(false)).toEqual([body]);
  expect(written(true)).toEqual(["a\\x1b[2J\nb\n"]);
});

test("a table has aligned columns and no trailing blanks", async () => {
  const { print, out } = recorder("text");
  await print.table(
    ["NODE", "STATE"],
    [
      ["web", good("online")],
      ["a-long-one", bad("offline")],
    ],
  );
  expect(out()).toBe("NODE        STATE\nweb         online\na-long-one  offline\n");
});

test("wide characters take two columns", async () => {
  const { print, out } = recorder("text");
  await print.pairs([
    ["漢字", "a"],
    ["abcd", "b"],
  ]);
  expect(out()).toBe("漢字  a\nabcd  b\n");
});

test("a name paints and moves nothing, in a line, a cell or a remark", async () => {
  const { print, out, errors } = recorder("text", true);
  print.line(hostile, dim(hostile));
  await print.table([hostile], [[good(hostile)]]);
  await print.pairs([[hostile, bad(hostile)]]);
  print.note(hostile);
  const ours = [1, 2, 22, 31, 32, 39, 90].map((code) => `${escape}[${code}m`);
  const rest = ours.reduce((text, each) => text.replaceAll(each, ""), `${out()}${errors()}`);
  expect(rest).not.toContain(escape);
  expect(rest).not.toContain(turned);
  expect(out()).toContain("web\\x1b[2J\\u{202e}");
});

test("a program gets one line of JSON with every field, and large numbers whole", async () => {
  const { print, out, errors } = recorder("json");
  await print.answer(ListNodesResponseSchema, answer, () => print.line("for people only"));
  expect(out().trimEnd().split("\n")).toHaveLength(1);
  expect(out()).not.toContain(escape);
  expect(out()).not.toContain(turned);
  expect(JSON.parse(out())).toMatchObject({
    nodes: [
      {
        name: hostile,
        skewMs: "9007199254740993",
        state: "NODE_STATE_ONLINE",
        role: "ROLE_UNSPECIFIED",
      },
    ],
    nextPageToken: "",
  });
  expect(errors()).toBe("");
});

test("people get the text, and remarks stay off standard output", async () => {
  const { print, out, errors } = recorder("text");
  await print.answer(ListNodesResponseSchema, answer, () => print.line("one node"));
  print.note("a remark");
  expect(out()).toBe("one node\n");
  expect(errors()).toBe("a remark\n");
});

test.each([
  ["auto", true, {}, true],
  ["auto", false, {}, false],
  ["auto", undefined, { CI: "true" }, false],
  ["auto", true, { NO_COLOR: "1" }, false],
  ["auto", true, { NO_COLOR: "" }, true],
  ["auto", true, { TERM: "dumb" }, false],
  ["never", true, {}, false],
  ["always", false, { NO_COLOR: "1" }, true],
] as const)("--color %s at a terminal (%s) with %o: %s", (when, terminal, environment, colour) => {
  expect(isColourful(when, terminal, environment)).toBe(colour);
});
