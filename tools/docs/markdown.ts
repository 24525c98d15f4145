import type { JsonValue } from "@bufbuild/protobuf";

/** A page of the reference. */
export interface Page {
  /** Its file, e.g. "reasons.md". */
  readonly file: string;
  /** What it holds, in one line. */
  readonly summary: string;
  readonly text: string;
}

/** A whole page; the notice tells whoever would edit it where it comes from. */
export function page(file: string, title: string, summary: string, body: readonly string[]): Page {
  const notice = "<!-- Written by `npm run gen`. Do not edit. -->";
  const parts = [`# ${title}`, notice, ...body].map((part) => part.trim());
  return { file, summary, text: `${parts.join("\n\n")}\n` };
}

/** Words of the schema, as they are: nothing in them is markup, and no table breaks. */
export function plain(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, at) =>
      at % 2 === 1 ? part.replaceAll("|", "\\|") : part.replaceAll(/[\\<>*_|[\]]/g, "\\$&"),
    )
    .join("");
}

/** Text in the face of code; empty for nothing. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``;
}

/** A value as it is typed; text without quotes. */
export function jsonText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A table; cells are markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Where a heading of that text is found, as GitHub names it. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}
