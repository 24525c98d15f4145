import { chapters, nouns } from "./commands.ts";
import type { Paint } from "./paint.ts";
import { dim, strong } from "./paint.ts";

const options = [
  ["--data FOLDER", "the hub's data folder (else FOEDUS_DATA, else .foedus)"],
  ["--context NAME", "a hub that you saved: foedus context add"],
  ["--output text|json", "json prints JSON only: one document, or one line an item"],
  ["--color auto|always|never", "auto paints terminals, unless NO_COLOR is set"],
  ["--help, --version", "of each command too: foedus node --help"],
] as const;

const firstSteps = [
  ["foedus hub serve", "run a hub here"],
  ["foedus token create --name web", "let a node in"],
  ["foedus node list", "see who is there"],
  ["foedus doctor", "when something is wrong"],
] as const;

/** The first page: what there is, by chapter. */
export function rootHelp(paint: Paint): string {
  const wide = 32;
  const row = ([name, text]: readonly [string, string]) => `  ${name.padEnd(wide)}${text}`;
  const contents = chapters.flatMap((chapter) => {
    const those = nouns.filter((noun) => noun.chapter === chapter);
    return ["", paint(strong(chapter)), ...those.map((noun) => row([noun.name, noun.summary]))];
  });
  return [
    "Foedus: independent instances, one federation.",
    "",
    "Usage: foedus COMMAND [options]",
    ...contents,
    "",
    paint(strong("First steps")),
    ...firstSteps.map(row),
    "",
    paint(strong("Options, wherever they stand")),
    ...options.map(row),
    "",
    paint(dim("A hub elsewhere: foedus context add, or FOEDUS_HUB=https://… FOEDUS_SESSION=…")),
    paint(dim("Exit codes: docs/reference/exit-codes.md")),
    "",
  ].join("\n");
}
