// Other languages' tools: found, named when they are missing, and fed from folders of this tree.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Ignored by git: what was downloaded or compiled once, for the next run. */
const tools = join(root, ".tools");

/** A toolchain, and where one gets it. */
export interface Toolchain {
  readonly name: string;
  readonly probe: readonly string[];
  readonly hint: string;
}

/** The Python that clients/python needs. */
export const python: Toolchain = {
  name: "Python 3.11 or newer with venv",
  probe: ["python3", "-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 11)"],
  hint: "apt install python3-venv, or https://www.python.org/downloads",
};

/** The Go that clients/go needs; an older one fetches the one that go.mod names. */
export const go: Toolchain = {
  name: "Go 1.21 or newer",
  probe: ["go", "version"],
  hint: "https://go.dev/doc/install",
};

/** Whether it is here. Says which one is missing; in CI that is an error. */
export function isAtHand({ name, probe, hint }: Toolchain): boolean {
  const [command = "", ...flags] = probe;
  try {
    execFileSync(command, flags, { stdio: "ignore" });
    return true;
  } catch {
    const text = `${name} is missing (${hint}): what needs it is not tested`;
    if (process.env.CI) throw new Error(text);
    console.warn(text);
    return false;
  }
}

/** Go with its caches in this tree, and no more than one core. */
export function goEnvironment(): NodeJS.ProcessEnv {
  const GOPATH = join(tools, "go");
  const GOFLAGS = "-buildvcs=false -modcacherw -p=1";
  return { ...process.env, GOPATH, GOCACHE: join(GOPATH, "build"), GOFLAGS, GOBIN: goBin };
}

const goBin = join(tools, "go/bin");

/** Compiles a program of a Go module of ours, and says where it is. */
export function goProgram(folder: string, path: string): string {
  const program = join(goBin, path.split("/").at(-1) ?? path);
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
  const stamp = join(folder, ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return bin;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(tools, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder]);
  const flags = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
  execFileSync(bin, ["-m", "pip", ...flags, "-r", wanted], { stdio: ["ignore", 2, 2] });
  writeFileSync(stamp, digest);
  return bin;
}
