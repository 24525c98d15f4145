// A browser page and this process edit one collection, through the hub and without it.
//
//   npx foedus hub serve          in another terminal
//   node examples/notes/serve.ts  joins the first time; prints where the page is
//
// Every line that is typed here becomes a note, "old -> new" gives one another title; every note
// that changes is printed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { newId } from "@foedus/kernel/ids.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import { openNode } from "@foedus/sdk/open.ts";
import { tokenFor } from "./hub.ts";
import { servePage } from "./web.ts";

const {
  FOEDUS_DATA: data = ".foedus",
  FOEDUS_NODE: folder = join(data, "instances", "notes"),
  PORT: port = "7090",
} = process.env;

/** The session that a running hub keeps for this machine's user. */
const hub = () => JSON.parse(readFileSync(join(data, "cli.json"), "utf8")) as Hub;
type Hub = { readonly web: string; readonly session: string };

if (!existsSync(join(folder, "node.json"))) {
  await joinHub({ ...(await tokenFor(hub(), "notes")), folder });
}

await using node = await openNode(folder);
const notes = await node.collection<string | boolean>("notes", { kinds: { title: "multi" } });

const page = await servePage(Number(port), hub);
console.log(`the page is at ${page.url}`);

const typed = createInterface({ input: process.stdin });
typed.on("line", (line) => {
  const [old = "", title = old] = line.split(" -> ");
  const known = notes.list().find(({ fields }) => fields.title === old);
  void notes.put(known?.record ?? newId("note", realWorld), { title });
});

for await (const { record, row } of notes.watch()) {
  if (row === undefined) console.log(`- ${record} is gone`);
  else console.log(`- ${row.fields.done === true ? "[x]" : "[ ]"} ${String(row.fields.title)}`);
}
