import { constants } from "node:fs";
import { access, readFile, stat, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseFields } from "../json.ts";
import { sizeText } from "../words/bytes.ts";
import { ownVersion } from "../version.ts";
import type { Exam } from "./exam.ts";

const freeBytesDoubtful = 1024 ** 3;
const freeBytesMin = 64 * 1024 ** 2;
const othersMayRead = 0o044;

/** Which program this is. */
export async function examineProgram(exam: Exam): Promise<void> {
  await exam.step("program", ownVersion, (version) => ({
    detail: `foedus ${version} on Node ${process.version}`,
  }));
}

/** Whether a folder can be used and has room; `absent` is what it means when there is none. */
export async function examineFolder(exam: Exam, folder: string, absent: Fault): Promise<boolean> {
  const place = resolve(folder);
  const found = await exam.step(
    "folder",
    () => usable(place, absent),
    () => ({ detail: place }),
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
      doubt: bytes < freeBytesDoubtful ? "free or add space before it runs out" : undefined,
    }),
  );
  return true;
}

/** Whether a file with a secret is for this user alone. */
export async function examineSecret(exam: Exam, what: string, file: string): Promise<void> {
  await exam.step(
    what,
    () => modeOf(file),
    (mode) => ({
      detail: file,
      doubt: (mode & othersMayRead) === 0 ? undefined : `others can read it: chmod 600 ${file}`,
    }),
  );
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
