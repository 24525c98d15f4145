import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { NodeKind, NodeSchema, NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { expect, test } from "vitest";
import { isTimed, parseQuery, wantedOf, withWanted } from "./query.ts";
import { termHolds } from "./query-match.ts";

const nowMs = 10_000_000;
const shop: MessageInitShape<typeof NodeSchema> = {
  id: "node_01SHOP",
  name: "Shop-1",
  spiffeId: "spiffe://hub.local/node/shop",
  state: NodeState.ONLINE,
  role: Role.MEMBER,
  lastSeenTime: timestampFromMs(nowMs - 4 * 60_000),
  roundTripUs: 60_000n,
  skewMs: -150n,
  profile: {
    kind: NodeKind.INSTANCE,
    project: "shop",
    title: "The web shop",
    description: "Sells things; not ready",
    tags: ["Go", "web shop"],
    version: "1.4.2",
    software: "foedus-instance/0.1.0",
    environment: "production",
    team: "red",
  },
};
const node = create(NodeSchema, shop);
const never = create(NodeSchema, { name: "never", state: NodeState.OFFLINE });

const holds = (text: string, of = node) => {
  const { terms, troubles } = parseQuery(text);
  expect(troubles).toEqual([]);
  return terms.every((term) => termHolds(term, of, nowMs));
};
const troubles = (text: string) => {
  const query = parseQuery(text);
  expect(query.terms).toEqual([]);
  return query.troubles;
};

test.each([
  "",
  "SHOP",
  "sells things",
  "01shop web red".replace(" red", ""),
  '"web shop"',
  "spiffe://hub.local/node/shop",
  "sho*",
  "name:shop-1",
  "name:sh*",
  "project:bank,shop",
  "tag:go",
  'tag:"web shop"',
  "state:ONLINE",
  "role:member",
  "env:production environment:prod*",
  "team:red",
  "domain:none",
  "version:1.4*",
  "software:foedus-instance*",
  "kind:instance",
  "seen:<5m",
  "seen:>4m",
  "trip:>50ms",
  "trip:<60ms",
  "skew:>=100ms",
  "seen:>1h,<5m",
  "-offline",
  "!offline",
  "NOT offline",
  "-state:offline,degraded",
  "NOT -shop",
  "shop AND web",
  "not",
])("%j holds", (text) => expect(holds(text)).toBe(true));

test.each([
  "offline",
  "hop*",
  '"shop web"',
  "name:shop",
  '"state":online',
  '"state:online"',
  "project:sho",
  "tag:web",
  "state:offline,degraded",
  "team:none",
  "domain:*",
  "seen:never",
  "seen:<3m",
  "trip:>61ms",
  "skew:<149ms",
  "-shop",
  "!shop",
  "NOT shop",
  "shop NOT web",
  '-tag:"web shop"',
  "-seen:<5m",
])("%j does not hold", (text) => expect(holds(text)).toBe(false));

test("what was never measured is never, and neither long nor short", () => {
  expect(["seen:never", "trip:never", "skew:never"].every((text) => holds(text, never))).toBe(true);
  expect(["seen:>1s", "seen:<1d", "trip:>1us"].some((text) => holds(text, never))).toBe(false);
});

test.each([
  ["state:oflline", "There is no state oflline; did you mean offline?"],
  [
    "state:luck",
    "There is no state luck; there are online, degraded, offline, maintenance, retired.",
  ],
  ["stat:online", "There is no key stat; did you mean state?"],
  ["zz:top", 'There is no key zz; to look for the words, write "zz:top".'],
  ["project:", "What of project? For example project:shop,bank."],
  ["seen:5m", "seen:5m is no span of time; write seen:<5m, seen:>1h or seen:never."],
  ["trip:>50", "trip:>50 is no span of time; write trip:>50ms."],
  ["a OR", undefined],
  ["*x", "*x: a star stands only at the end, as in shop-*; quote the word to look for a star."],
])("%s is told, and is no condition", (text, sentence) => {
  if (sentence === undefined) expect(parseQuery(text).troubles).toHaveLength(1);
  else expect(troubles(text)).toEqual([sentence]);
});

test("of several values the unknown one is left out", () => {
  const { terms, troubles: told } = parseQuery("state:online,oflline");
  expect(terms).toHaveLength(1);
  expect(told).toEqual(["There is no state oflline; did you mean offline?"]);
});

test("half of a question is no trouble while somebody types", () => {
  for (const text of ["NOT", "-", '"', '-"', "AND", "shop NOT"]) {
    expect(parseQuery(text).troubles).toEqual([]);
  }
  expect(holds('"web sh')).toBe(true);
});

test("only a question about time is looked at again", () => {
  expect(isTimed(parseQuery("shop seen:<5m"))).toBe(true);
  expect(isTimed(parseQuery("shop trip:<5ms"))).toBe(false);
});

test("values that are clicked are written into the question, and out of it", () => {
  const text = withWanted("Big project:old -project:x", "project", { only: ["a", "b c"], not: [] });
  expect(text).toBe('Big project:a,"b c"');
  expect(wantedOf(text, "project")).toEqual({ only: ["a", "b c"], not: [] });
  expect(withWanted(text, "project", { only: [], not: ["a"] })).toBe("Big -project:a");
  expect(withWanted("project:a", "project", { only: [], not: [] })).toBe("");
});

test("the word NOT means the same to those who offer values to be clicked", () => {
  expect(wantedOf("NOT project:shop env:edge", "project")).toEqual({ only: [], not: ["shop"] });
  expect(withWanted("NOT project:shop env:edge", "env", { only: [], not: [] })).toBe(
    "-project:shop",
  );
  expect(withWanted("NOT project:shop env:edge", "project", { only: [], not: [] })).toBe(
    "env:edge",
  );
});
