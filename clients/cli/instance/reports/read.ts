import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { findReports, type Candidate } from "./find.ts";
import { ReportError, type Reading } from "./report.ts";

/** A report that was read, and what proves it. */
export interface FoundReport {
  /** Relative to the project's folder. */
  readonly path: string;
  /** sha256 of the file, hex. */
  readonly digest: string;
  /** When the file was written, in milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly reading: Reading;
}

/** All reports of a project at one moment. */
export interface ReportsView {
  readonly reports: readonly FoundReport[];
  /** Files that look like reports and cannot be read, and why. */
  readonly problems: readonly string[];
}

/** Reads a project's reports; one that has not changed is not read again. */
export interface Reports {
  read(): Promise<ReportsView>;
}

/** The largest file that is read. */
export const reportBytesMax = 16 * 1_048_576;

/** How many are read; the others are named as a number. */
export const reportsMax = 64;

type Look = FoundReport | { readonly problem: string };

/** The reports of a folder. */
export function openReports(folder: string): Reports {
  let remembered = new Map<string, { readonly stamp: string; readonly look: Look }>();
  return {
    async read() {
      const candidates = await findReports(folder);
      const next: typeof remembered = new Map();
      for (const candidate of candidates.slice(0, reportsMax)) {
        const { path } = candidate;
        const stamp = await stampOf(join(folder, path));
        const before = remembered.get(path);
        if (stamp === undefined) continue;
        next.set(
          path,
          before?.stamp === stamp.text
            ? before
            : { stamp: stamp.text, look: await look(folder, candidate, stamp) },
        );
      }
      remembered = next;
      const looks = [...next.values()].map((one) => one.look);
      return viewOf(looks, candidates.length - reportsMax);
    },
  };
}

interface Stamp {
  readonly text: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

async function stampOf(full: string): Promise<Stamp | undefined> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await lstat(full);
    const text = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
    return { text, bytes: size, modifiedMs: Math.round(mtimeMs) };
  } catch {
    return undefined;
  }
}

async function look(folder: string, { path, read }: Candidate, stamp: Stamp): Promise<Look> {
  if (stamp.bytes > reportBytesMax) return { problem: `${path}: it is larger than 16 MiB` };
  try {
    const content = await readFile(join(folder, path));
    const reading = read(new TextDecoder("utf-8", { fatal: true }).decode(content));
    return { path, digest: hex(sha256(content)), modifiedMs: stamp.modifiedMs, reading };
  } catch (error) {
    return { problem: `${path}: ${wordsOf(error)}` };
  }
}

/** Words of ours: those of a parser or the system may quote what the file holds. */
function wordsOf(error: unknown): string {
  if (error instanceof ReportError) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "it is not UTF-8";
  return code === "" ? "it cannot be read" : `it cannot be read (${code})`;
}

/** A copy of a report under another name counts once. */
function viewOf(looks: readonly Look[], more: number): ReportsView {
  const byDigest = new Map<string, FoundReport>();
  const problems: string[] = [];
  for (const one of looks) {
    if ("problem" in one) problems.push(one.problem);
    else if (!byDigest.has(one.digest)) byDigest.set(one.digest, one);
  }
  if (more > 0) problems.push(`reports beyond the first ${reportsMax} are not read: ${more}`);
  return { reports: [...byDigest.values()], problems };
}
