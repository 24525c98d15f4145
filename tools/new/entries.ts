// The tables of contents that name every capability: one line each, put where it belongs.
import { capital, type Noun } from "./words.ts";

/** The chapters in the order of help, docs and the page. */
export const chapters = ["Join", "See", "Share", "Work", "Trade", "Run"];

/** How one file changes; throws when it no longer looks as this tool knows it. */
export type Edit = (text: string) => string;

/** The files to change, and how. */
export function entriesFor({ one, many }: Noun, chapter: string): ReadonlyMap<string, Edit> {
  const Many = capital(many);
  return new Map<string, Edit>([
    [
      "server/capabilities.ts",
      (text) =>
        pipe(text, [
          before(
            "import type { Capability }",
            `import { ${one} } from "./capabilities/${one}/index.ts";\n`,
          ),
          before(/ {2}hub,\n\];/, `  ${one},\n`),
        ]),
    ],
    ["clients/cli/commands.ts", (text) => commandEntry(text, one, many, chapter)],
    [
      "web/shell/routes.tsx",
      (text) =>
        pipe(text, [
          before(
            "const hub = createRoute",
            `const ${one} = createRoute({
  getParentRoute: () => layout,
  path: "/${one}",
  component: lazyPage(() => import("../panels/${one}/${one}-page.tsx"), "${capital(one)}Page"),
});

`,
          ),
          before(/\n {6}hub,/, `\n      ${one},`),
        ]),
    ],
    [
      "web/shell/chapters.ts",
      (text) =>
        pipe(text, [
          before(/( \| "\/hub")/, ` | "/${one}"`),
          (whole) =>
            pageEntry(
              whole,
              `{ to: "/${one}", title: "${Many}", icon: "event", key: "${freeKey(whole, one)}" }`,
              chapter,
            ),
        ]),
    ],
  ]);
}

/** A letter that leads nowhere yet, of the noun where one is left. */
function freeKey(text: string, one: string): string {
  const taken = new Set(Array.from(text.matchAll(/key: "(.)"/g), ([, key]) => key));
  const letters = `${one}abcdefghijklmnopqrstuvwxyz`.split("");
  const free = letters.find((letter) => !taken.has(letter));
  if (free === undefined) throw new Error("every letter leads to a page already");
  return free;
}

function pipe(text: string, edits: readonly Edit[]): string {
  return edits.reduce((whole, edit) => edit(whole), text);
}

function before(anchor: string | RegExp, added: string): Edit {
  return (text) => {
    const at = typeof anchor === "string" ? text.indexOf(anchor) : text.search(anchor);
    if (at < 0)
      throw new Error(`there is no ${String(anchor)} any more: mend tools/new/entries.ts`);
    return text.slice(0, at) + added + text.slice(at);
  };
}

function commandEntry(text: string, one: string, many: string, chapter: string): string {
  const entry = `  {
    name: "${one}",
    chapter: "${chapter}",
    summary: "${many}: make, list and end them",
    load: () => import("./commands/${one}.ts"),
  },
`;
  const known = /export const chapters = \[(.*)\] as const;/.exec(text);
  if (known === null) throw new Error("commands.ts has no chapters any more");
  const wanted = chapters.filter((each) => each === chapter || known[1]?.includes(`"${each}"`));
  const list = wanted.map((each) => `"${each}"`).join(", ");
  const withChapter = text.replace(known[0], `export const chapters = [${list}] as const;`);
  return before(nextChapter(withChapter, "    chapter: ", chapter), entry)(withChapter);
}

/** Where the first entry of a later chapter begins, or else the end of the list. */
function nextChapter(text: string, label: string, chapter: string): RegExp {
  const later = chapters.slice(chapters.indexOf(chapter) + 1);
  const next = later.find((each) => text.includes(`${label}"${each}"`));
  return next === undefined ? /\];\s*$/ : new RegExp(` {2}\\{\\n[^{}]*${label}"${next}"`);
}

function pageEntry(text: string, entry: string, chapter: string): string {
  const own = new RegExp(`name: "${chapter}",\\s*entries: \\[[^\\]]*?(?=,?\\s*\\])`).exec(text);
  if (own !== null) return text.replace(own[0], `${own[0]}, ${entry}`);
  const later = chapters.slice(chapters.indexOf(chapter) + 1);
  const next = later.find((each) => text.includes(`name: "${each}"`));
  const anchor = next === undefined ? /\];\s*$/ : new RegExp(` {2}\\{\\s*name: "${next}"`);
  return before(anchor, `  { name: "${chapter}", entries: [${entry}] },\n`)(text);
}
