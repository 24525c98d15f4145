/** The command that shows the same on a command line; undefined where no page has one. */
export function commandOf(href: string, nodeName: (id: string) => string): string | undefined {
  const [path = "", query = ""] = href.split("?", 2);
  const search = new URLSearchParams(query);
  const evidence = search.get("evidence");
  if (evidence !== null) return command("event", "show", evidence);
  const selected = search.get("selected");
  switch (path) {
    case "/node":
      if (selected !== null) return command("node", "show", nodeName(selected));
      return command("node", search.get("view") === "table" ? "list" : "watch");
    case "/event":
      if (selected !== null) return command("event", "show", selected);
      return command("event", "tail", ...eventFlags(search, nodeName));
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

function eventFlags(search: URLSearchParams, nodeName: (id: string) => string): string[] {
  const types = (search.get("type") ?? "").split(",").filter(Boolean);
  const source = search.get("source");
  return [
    ...types.flatMap((type) => ["--type", type]),
    ...(source === null ? [] : ["--node", nodeName(source)]),
  ];
}

function command(...words: readonly string[]): string {
  return ["npx", "foedus", ...words.map(quoted)].join(" ");
}

/** Whatever somebody called a node, a shell takes it as one word. */
function quoted(word: string): string {
  return /^[\w.:/@*-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
