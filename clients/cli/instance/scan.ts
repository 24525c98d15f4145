import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { languageOf } from "./languages.ts";

/** What a file holds. */
export interface FileFacts {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  /** sha256, hex. */
  readonly digest: string;
}

/** Files and lines of one language. */
export interface LanguageSum {
  readonly language: string;
  readonly files: number;
  readonly lines: number;
}

/** What a project's folder holds. */
export interface Scan {
  readonly files: number;
  readonly lines: number;
  /** Most lines first. */
  readonly languages: readonly LanguageSum[];
  /** What was left out, and why. */
  readonly leftOut: readonly string[];
  /** sha256 over path, size and sha256 of each file that was read, in the order of paths; hex. */
  readonly digest: string;
}

/** Reads projects; a file that has not changed is not read again. */
export interface Scanner {
  scan(folder: string, paths: readonly string[]): Promise<Scan>;
}

type Skip = "large" | "binary" | "link" | "unreadable";
type Look = FileFacts | Skip | "gone";

interface Remembered {
  readonly stamp: string;
  readonly look: Look;
}

const fileBytesMax = 1_048_576;
/** As git does: text has no zero byte in its beginning. */
const binaryLookBytes = 8_000;

const skipWords: Readonly<Record<Skip, string>> = {
  large: "larger than 1 MiB",
  binary: "not text",
  link: "symbolic links",
  unreadable: "that this user cannot read",
};

/** Remembers what it read by size and time of change. */
export function openScanner(): Scanner {
  let remembered = new Map<string, Remembered>();
  return {
    async scan(folder, paths) {
      const next = new Map<string, Remembered>();
      for (const path of paths) next.set(path, await look(folder, path, remembered.get(path)));
      remembered = next;
      return sumUp([...next.values()].map((one) => one.look));
    },
  };
}

async function look(
  folder: string,
  path: string,
  before: Remembered | undefined,
): Promise<Remembered> {
  const full = join(folder, path);
  try {
    const stats = await lstat(full);
    const stamp = `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
    if (before?.stamp === stamp) return before;
    if (stats.isSymbolicLink()) return { stamp, look: "link" };
    if (!stats.isFile()) return { stamp, look: "gone" };
    if (stats.size > fileBytesMax) return { stamp, look: "large" };
    return { stamp, look: factsOf(path, await readFile(full)) };
  } catch (error) {
    const gone = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { stamp: "", look: gone ? "gone" : "unreadable" };
  }
}

function factsOf(path: string, content: Buffer): Look {
  if (content.subarray(0, binaryLookBytes).includes(0)) return "binary";
  const digest = hex(sha256(content));
  return { path, bytes: content.length, lines: linesIn(content), digest };
}

/** A last line without a line feed is a line too. */
function linesIn(content: Buffer): number {
  const lineFeed = 10;
  let lines = 0;
  for (let at = content.indexOf(lineFeed); at >= 0; at = content.indexOf(lineFeed, at + 1)) {
    lines += 1;
  }
  return content.length > 0 && content.at(-1) !== lineFeed ? lines + 1 : lines;
}

function sumUp(looks: readonly Look[]): Scan {
  const read = looks.filter((one) => typeof one === "object");
  const sums = new Map<string, LanguageSum>();
  for (const { path, lines } of read) {
    const language = languageOf(path);
    const sum = sums.get(language) ?? { language, files: 0, lines: 0 };
    sums.set(language, { language, files: sum.files + 1, lines: sum.lines + lines });
  }
  const listed = read.map(({ path, bytes, digest }) => `${path}\0${bytes}\0${digest}\n`).join("");
  return {
    files: read.length,
    lines: read.reduce((sum, { lines }) => sum + lines, 0),
    languages: [...sums.values()].toSorted((one, other) => other.lines - one.lines),
    leftOut: leftOut(looks),
    digest: hex(sha256(listed)),
  };
}

function leftOut(looks: readonly Look[]): string[] {
  const counts = new Map<Skip, number>();
  for (const one of looks) {
    if (typeof one === "string" && one !== "gone") counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return [...counts].map(([skip, count]) => `${count} ${skipWords[skip]}`);
}
