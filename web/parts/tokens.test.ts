import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apart, contrast, type Seeing, seen } from "./sight.ts";

/** WCAG AA for text, and for what says something without text. */
const textMin = 4.5;
const signMin = 3;
/** Two colours under 0.02 look the same side by side; states stand apart on a page. */
const apartMin = 0.07;

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/gu)].map(
    ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
  ),
);

const schemes = ["light", "dark"] as const;
type Scheme = (typeof schemes)[number];
const seeings: readonly Seeing[] = ["all", "protan", "deutan", "tritan"];

const grounds = ["ground", "surface", "raised", "sunken"];
const states = ["online", "degraded", "offline", "maintenance", "retired"];
const told = [...states, "tie", "schema", "accent"];
const hues = ["hue-1", "hue-2", "hue-3", "hue-4", "hue-5"];
const texts = [
  ...["ink", "muted", ...told].flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ...told.map((text) => [text, `${text}-ground`] as const),
  ...told.map((state) => ["ink", `${state}-ground`] as const),
  ["on-accent", "accent"] as const,
  ["on-accent", "accent-press"] as const,
];
const signs = [
  ...grounds.map((ground) => ["edge", ground] as const),
  ...hues.map((hue) => [hue, "surface"] as const),
  ["mark-one", "mark-ground"] as const,
  ["mark-other", "mark-ground"] as const,
];

test.each(texts)("%s can be read on %s, in light and in dark", (text, ground) => {
  for (const scheme of schemes) {
    expect(contrast(colour(text, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(textMin);
  }
});

test.each(signs)("%s can be seen on %s, in light and in dark", (sign, ground) => {
  for (const scheme of schemes) {
    expect(contrast(colour(sign, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(signMin);
  }
});

const lookings = schemes.flatMap((scheme) => seeings.map((seeing) => [scheme, seeing] as const));

test.each(lookings)("in %s, whoever sees %s tells the states apart", (scheme, seeing) => {
  const close = states.flatMap((one, at) =>
    states.slice(at + 1).flatMap((other) => {
      const distance = apart(
        seen(colour(one, scheme), seeing),
        seen(colour(other, scheme), seeing),
      );
      return distance < apartMin ? [`${one} and ${other}: ${distance.toFixed(3)}`] : [];
    }),
  );
  expect(close).toEqual([]);
});

test("every colour has a light and a dark one, and a name for the pages", () => {
  const named = [...css.matchAll(/--color-([\w-]+): var\(--([\w-]+)\);/gu)];
  expect(named.length).toBeGreaterThan(signMin * signMin);
  for (const [, name, of] of named) expect(name).toBe(of);
  for (const name of [...grounds, ...told, ...hues]) expect(tokens.has(name)).toBe(true);
});

function colour(name: string, scheme: Scheme): string {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`tokens.css has no --${name}`);
  return found[schemes.indexOf(scheme)] ?? "";
}
