import { shellWord } from "../../parts/shell-word.ts";
import { showCommand, tailCommand } from "../event/as-cli.ts";
import { cursorIn, type EventSearch, viewOf } from "../event/view.ts";
import { syncCommand } from "../sync/as-cli.ts";
import { taskCommand } from "../task/as-cli.ts";

/** The command that shows the same on a command line; undefined where no page has one. */
export function commandOf(href: string, nodeName: (id: string) => string): string | undefined {
  const [path = "", query = ""] = href.split("?", 2);
  const search = new URLSearchParams(query);
  const evidence = cursorIn(search.get("evidence") ?? undefined);
  if (evidence !== undefined) return showCommand(evidence);
  const selected = search.get("selected");
  switch (path) {
    case "/node":
      if (selected !== null) return command("node", "show", nodeName(selected));
      return command("node", search.get("view") === "table" ? "list" : "watch");
    case "/event":
      return eventCommand(Object.fromEntries(search));
    case "/sync":
      return syncCommand(Object.fromEntries(search));
    case "/task":
      return taskCommand(Object.fromEntries(search));
    case "/learning":
      if (selected !== null) return command("learning", "explain", nodeName(selected));
      return command("learning", "trust");
    default:
      return commands.get(path);
  }
}

const commands = new Map([
  ["/identity", "npx foedus identity list"],
  ["/access", "npx foedus access requests"],
  ["/link", "npx foedus link list"],
  ["/person", "npx foedus person whoami"],
  ["/tenant", "npx foedus tenant list"],
  ["/hub", "npx foedus hub status"],
]);

function eventCommand(search: EventSearch): string {
  const view = viewOf(search);
  return view.selected === undefined ? tailCommand(view) : showCommand(view.selected);
}

function command(...words: readonly string[]): string {
  return ["npx", "foedus", ...words.map(shellWord)].join(" ");
}
