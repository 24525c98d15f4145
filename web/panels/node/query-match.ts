import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Node, NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { groupOf } from "./group.ts";
import type { Pattern, Term } from "./query.ts";
import { noneWord, type SpanKey, type WordKey } from "./query-keys.ts";
import { spanHolds } from "./query-span.ts";
import { lookOf } from "./state.ts";

const kindWords: Readonly<Record<NodeKind, string>> = {
  [NodeKind.UNSPECIFIED]: "",
  [NodeKind.INSTANCE]: "instance",
  [NodeKind.HUB]: "hub",
};

const microsPerMs = 1_000;

/** What of a node words are compared with, in small letters. */
type Sayings = Readonly<Record<WordKey, string | readonly string[]>> & { readonly text: string };

/** A node that did not change says the same again. */
const said = new WeakMap<Node, Sayings>();

/** Whether a node fulfils a condition. */
export function termHolds(term: Term, node: Node, nowMs: number): boolean {
  return isAsked(term, node, nowMs) !== term.negated;
}

/** Whether the values of a node for a key fit a pattern. */
export function valueFits(node: Node, key: WordKey, pattern: Pattern): boolean {
  const value = sayingsOf(node)[key];
  if (typeof value === "string") return fits(value, pattern);
  return value.length === 0 ? fits("", pattern) : value.some((each) => fits(each, pattern));
}

/** What a node says for a key; nothing where it told nothing. */
export function valuesOf(node: Node, key: WordKey): readonly string[] {
  const value = sayingsOf(node)[key];
  if (typeof value !== "string") return value;
  return value === "" ? [] : [value];
}

function isAsked(term: Term, node: Node, nowMs: number): boolean {
  switch (term.of) {
    case "text":
      return textFits(sayingsOf(node).text, term.pattern);
    case "value":
      return term.patterns.some((pattern) => valueFits(node, term.key, pattern));
    case "span": {
      const measuredMs = measuredOf(node, term.key, nowMs);
      return term.spans.some((span) => spanHolds(span, measuredMs));
    }
  }
}

function fits(value: string, { word, begins }: Pattern): boolean {
  if (value === "") return word === noneWord && !begins;
  return begins ? value.startsWith(word) : value === word;
}

/** A free word may stand anywhere; one with a star begins a word of the text. */
function textFits(text: string, { word, begins }: Pattern): boolean {
  if (!begins) return text.includes(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}

function measuredOf(node: Node, key: SpanKey, nowMs: number): number | undefined {
  switch (key) {
    case "seen":
      return node.lastSeenTime && Math.max(0, nowMs - timestampMs(node.lastSeenTime));
    case "trip":
      return node.roundTripUs === undefined ? undefined : Number(node.roundTripUs) / microsPerMs;
    case "skew":
      return node.skewMs === undefined ? undefined : Math.abs(Number(node.skewMs));
  }
}

function sayingsOf(node: Node): Sayings {
  const known = said.get(node);
  if (known !== undefined) return known;
  const { id, name, spiffeId, profile } = node;
  const tags = profile?.tags ?? [];
  const { title = "", description = "", project = "", software = "" } = profile ?? {};
  const text = [id, name, spiffeId, project, title, description, software, ...tags];
  const fresh: Sayings = {
    text: text.join("\n").toLowerCase(),
    name: name.toLowerCase(),
    project,
    tag: tags.map((tag) => tag.toLowerCase()),
    state: lookOf(node.state).slug,
    role: groupOf(node, "role"),
    env: profile?.environment ?? "",
    team: profile?.team ?? "",
    domain: profile?.domain ?? "",
    version: (profile?.version ?? "").toLowerCase(),
    software: software.toLowerCase(),
    kind: kindWords[profile?.kind ?? NodeKind.UNSPECIFIED] ?? "",
  };
  said.set(node, fresh);
  return fresh;
}
