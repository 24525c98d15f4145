import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** WCAG AA for text. */
const textMin = 4.5;

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/gu)].map(
    ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
  ),
);

const grounds = ["ground", "surface", "raised", "sunken"];
const told = ["online", "degraded", "offline", "maintenance", "retired", "tie", "schema", "accent"];
const pairs = [
  ...["ink", "muted", ...told].flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ...told.map((text) => [text, `${text}-ground`] as const),
  ["on-accent", "accent"] as const,
];

test.each(pairs)("%s can be read on %s, in light and in dark", (text, ground) => {
  for (const scheme of [0, 1] as const) {
    expect(contrast(colour(text, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(textMin);
  }
});

function colour(name: string, scheme: 0 | 1): string {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`tokens.css has no --${name}`);
  return found[scheme];
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
