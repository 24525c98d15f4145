// Other languages' tools: found, named when they are missing, and fed from folders of this tree.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Ignored by git: what was downloaded or compiled once, for the next run. */
const tools = join(root, ".tools");

/** A toolchain, where one gets it, and how it gets what our programs need. */
export interface Toolchain {
  readonly name: string;
  readonly probe: readonly string[];
  readonly hint: string;
  /** Does nothing the second time. */
  readonly fetch: () => void;
}

/** The Python that clients/python needs. */
export const python: Toolchain = {
  name: "Python 3.11 or newer with venv",
  probe: ["python3", "-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 11)"],
  hint: "apt install python3-venv, or https://www.python.org/downloads",
  fetch: () => void pythonTools(),
};

/** The Go that clients/go needs; an older one fetches the one that go.mod names. */
export const go: Toolchain = {
  name: "Go 1.21 or newer",
  probe: ["go", "version"],
  hint: "https://go.dev/doc/install",
  fetch: () => ["clients/go", "tests/conformance/go"].forEach(fetchModules),
};

const known = new Map<Toolchain, boolean>();

/**
 * Whether it is here, with what our programs need. Says what is missing; in CI that is an error.
 */
export function isAtHand(toolchain: Toolchain): boolean {
  const before = known.get(toolchain);
  if (before !== undefined) return before;
  const text = missing(toolchain);
  if (text !== undefined) {
    if (process.env.CI) throw new Error(text);
    console.warn(`${text}; what needs it is not tested`);
  }
  known.set(toolchain, text === undefined);
  return text === undefined;
}

/** What is missing of it, and what is to be done about it; undefined when all is here. */
export function missing({ name, probe, hint, fetch }: Toolchain): string | undefined {
  const [command = "", ...flags] = probe;
  try {
    execFileSync(command, flags, { stdio: "ignore" });
  } catch {
    return `${name} is missing (${hint})`;
  }
  try {
    fetch();
  } catch (error) {
    return `${name} is here, but cannot fetch what it needs: ${lastWords(error)}`;
  }
  return undefined;
}

/** What a program complained of last. */
function lastWords(error: unknown): string {
  const told = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  return told.trim().split("\n").at(-1) ?? "";
}

/** Go with caches in this tree, unless its own variables name others, and few of our cores. */
export function goEnvironment(): NodeJS.ProcessEnv {
  const { env } = process;
  const GOPATH = env.GOPATH ?? join(tools, "go");
  const GOCACHE = env.GOCACHE ?? join(tools, "go/build");
  const atOnce = env.CI ? 2 : 1;
  const GOFLAGS = `-buildvcs=false -modcacherw -p=${atOnce}`;
  return { ...env, GOPATH, GOCACHE, GOFLAGS, GOBIN: goBin };
}

function fetchModules(folder: string): void {
  const cwd = join(root, folder);
  execFileSync("go", ["mod", "download"], { cwd, env: goEnvironment(), stdio: "pipe" });
}

const goBin = join(tools, "go/bin");

/** Compiles a program of a Go module of ours, maybe under another name, and says where it is. */
export function goProgram(folder: string, path: string, name = path.split("/").at(-1)): string {
  const program = join(goBin, name ?? path);
  const command = ["build", "-o", program, path];
  execFileSync("nice", ["go", ...command], { cwd: join(root, folder), env: goEnvironment() });
  return program;
}

/** Compiles a tool that tests/conformance/go pins, once a version, and says where it is. */
export function goTool(path: string): string {
  const folder = join(root, "tests/conformance/go");
  const wanted = readFileSync(join(folder, "go.sum"), "utf8");
  const digest = createHash("sha256").update(wanted).digest("hex");
  const program = join(goBin, path.split("/").at(-1) ?? path);
  const stamp = `${program}.built`;
  if (existsSync(program) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) {
    return program;
  }
  goProgram("tests/conformance/go", path);
  writeFileSync(stamp, digest);
  return program;
}

/** The Python of a virtual environment that holds what clients/python/requirements.txt pins. */
export function pythonTools(): string {
  const folder = join(tools, "python");
  const bin = join(folder, "bin/python");
  const wanted = join(root, "clients/python/requirements.txt");
  const digest = createHash("sha256").update(readFileSync(wanted)).digest("hex");
  const isDone = () => {
    const stamp = join(folder, stampName);
    return existsSync(stamp) && readFileSync(stamp, "utf8") === digest;
  };
  if (isDone()) return bin;
  // Another test may be at it as well: whoever is done last finds it done.
  const own = `${folder}.${process.pid}`;
  mkdirSync(tools, { recursive: true });
  try {
    execFileSync("python3", ["-m", "venv", own], { stdio: "pipe" });
    const flags = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
    execFileSync(join(own, "bin/python"), ["-m", "pip", ...flags, "-r", wanted], { stdio: "pipe" });
    writeFileSync(join(own, stampName), digest);
    if (!isDone()) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(own, folder);
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  return bin;
}

const stampName = ".installed";
