import { constants } from "node:fs";
import { access, readFile, readdir, stat, statfs } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseFields } from "../json.ts";
import { quoted } from "../shell.ts";
import { sizeText } from "../words/bytes.ts";
import { counted } from "../words/plural.ts";
import { ownVersion } from "../version.ts";
import type { Exam, Remedy } from "./exam.ts";

const freeBytesDoubtful = 1024 ** 3;
const freeBytesMin = 64 * 1024 ** 2;
const othersMayRead = 0o077;

const nearlyFull: Remedy = {
  why: "on a full disk nothing more is stored",
  fix: "free or add space before it runs out",
};

/** Which program this is. */
export async function examineProgram(exam: Exam): Promise<void> {
  await exam.step("program", ownVersion, (version) => ({
    detail: `foedus ${version} on Node ${process.version}`,
  }));
}

/** Whether a folder can be used and has room; `absent` is what it means when there is none. */
export async function examineFolder(
  exam: Exam,
  folder: string,
  absent: Fault,
  whenAbsent: Remedy = {},
): Promise<boolean> {
  const place = resolve(folder);
  const found = await exam.step(
    "folder",
    () => usable(place, absent),
    () => ({ detail: place }),
    { remedy: ({ reason }) => (reason === absent.reason ? whenAbsent : undefined) },
  );
  if (found === undefined) {
    exam.untried(["disk"], "the folder cannot be used");
    return false;
  }
  await exam.step(
    "disk",
    () => freeBytes(place),
    (bytes) => ({
      detail: `${sizeText(bytes)} free`,
      doubt: bytes < freeBytesDoubtful ? nearlyFull : undefined,
    }),
  );
  return true;
}

/** Whether files with secrets are for this user alone; `why` is what others could do with them. */
export async function examineSecrets(
  exam: Exam,
  what: string,
  files: readonly string[],
  why: string,
): Promise<void> {
  await exam.step(
    what,
    async () => {
      const modes = await Promise.all(files.map(modeOf));
      return files.filter((_, at) => ((modes[at] ?? 0) & othersMayRead) !== 0);
    },
    (open) => {
      if (open.length === 0)
        return { detail: `${counted(files.length, "file")} for this user alone` };
      const detail = `others can read ${open.map((file) => basename(file)).join(" and ")}`;
      return { detail, wrong: { why, line: ["chmod 600", ...open.map(quoted)].join(" ") } };
    },
  );
}

/** The files in a folder that are there; none where it is not. */
export async function filesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => pattern.test(name)).map((name) => join(folder, name));
}

/** The process that says it holds the folder; undefined when none does. */
export async function holderOf(folder: string): Promise<number | undefined> {
  try {
    const text = await readFile(join(folder, "held-by.json"), "utf8");
    const { pid } = parseFields(text);
    return typeof pid === "number" && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The command that ran a node until it was cut off; undefined when nobody left one of ours. */
export async function lastCommandIn(folder: string): Promise<string | undefined> {
  try {
    const { command } = parseFields(await readFile(join(folder, "held-by.json"), "utf8"));
    return typeof command === "string" && command.startsWith("foedus ") ? command : undefined;
  } catch {
    return undefined;
  }
}

async function usable(folder: string, absent: Fault): Promise<true> {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") throw absent;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.DATA_FOLDER_UNUSABLE, { folder, detail }, { cause });
  }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  const bytes = bavail * bsize;
  if (bytes >= freeBytesMin) return bytes;
  throw new Fault(Reason.DISK_FULL, { detail: `${folder} has ${sizeText(bytes)} left` });
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(Reason.FILE_UNUSABLE, { file, done: "read", detail }, { cause });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
