// docs/reference: what the schema and the code say of themselves, for whoever does not read code.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configPage } from "./config.ts";
import { eventsPage } from "./events.ts";
import { exitCodesPage } from "./exit-codes.ts";
import { page, type Page } from "./markdown.ts";
import { reasonsPage } from "./reasons.ts";
import { rpcPage } from "./rpc.ts";
import { readSchema } from "./schema.ts";

/** Files beside the pages that are written elsewhere. */
export const keptByHand = ["performance.md", "schema.binpb"];

/** Writes every page below a folder. */
export function writeReference(root: string, into: string): void {
  const folder = join(into, "docs/reference");
  mkdirSync(folder, { recursive: true });
  for (const { file, text } of referencePages(root)) writeFileSync(join(folder, file), text);
}

/** The pages as they should stand. */
export function referencePages(root: string): Page[] {
  const files = readSchema(root);
  const pages = [
    rpcPage(files),
    eventsPage(files),
    reasonsPage(files),
    configPage(),
    exitCodesPage(),
  ];
  return [index(pages), ...pages];
}

function index(pages: readonly Page[]): Page {
  const lines = pages.map(({ file, summary }) => `- [${file}](${file}): ${summary}`);
  return page("README.md", "Reference", "what there is", [
    "Generated from `proto/` and the code, so it says what this version does.",
    [
      ...lines,
      "- [performance.md](performance.md): what the benches measured, written by `npm run bench`",
      "- [schema.binpb](schema.binpb): the last release's schema, which `npm run check` holds changes against",
    ].join("\n"),
  ]);
}
