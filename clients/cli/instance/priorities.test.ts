import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openPriorities, prioritiesOf } from "./priorities.ts";

const dayMs = 24 * 3_600_000;
const nowMs = 1_795_000_000_000;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "foedus-priorities-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Commits one file, so many days ago. */
function commit(folder: string, path: string, daysAgo: number): void {
  const date = new Date(nowMs - daysAgo * dayMs).toISOString();
  const who = { NAME: "Ada", EMAIL: "ada@example.org", DATE: date };
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [key, value] of Object.entries(who)) {
    for (const role of ["AUTHOR", "COMMITTER"]) env[`GIT_${role}_${key}`] = value;
  }
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), `${path} ${daysAgo}`);
  execFileSync("git", ["add", "-A"], { cwd: folder });
  execFileSync("git", ["commit", "-q", "-m", path], { cwd: folder, env });
}

test("a share for each top folder, by the commits of thirty days", async () => {
  const folder = newFolder();
  execFileSync("git", ["init", "-q"], { cwd: folder });
  commit(folder, "old/a.ts", 31);
  for (const path of ["web/a.ts", "web/b/c.ts", "server/a.ts", "README.md"]) {
    commit(folder, path, 29);
  }
  const confidence = 1 - 1 / Math.sqrt(5);
  const priorities = openPriorities(folder);
  expect(await priorities.of(nowMs)).toEqual([
    { topic: "web", weight: 0.5, confidence },
    { topic: "(root)", weight: 0.25, confidence },
    { topic: "server", weight: 0.25, confidence },
  ]);
  commit(folder, "server/ü b.ts", 1);
  expect((await priorities.of(nowMs))[0]).toMatchObject({ topic: "server", weight: 0.4 });
});

test("of a project inside a repository only its own folders count", async () => {
  const folder = newFolder();
  execFileSync("git", ["init", "-q"], { cwd: folder });
  commit(folder, "elsewhere/a.ts", 1);
  commit(folder, "app/src/a.ts", 1);
  const [first, ...others] = await openPriorities(join(folder, "app")).of(nowMs);
  expect([first?.topic, first?.weight, others]).toEqual(["src", 1, []]);
});

test("outside of a repository there are none", async () => {
  expect(await openPriorities(newFolder()).of(nowMs)).toEqual([]);
});

test("a commit counts once for each folder it touches, and sixteen folders are told", () => {
  expect(prioritiesOf([["a/1", "a/2", "b/1"], ["a/1"]])).toMatchObject([
    { topic: "a", weight: 1 },
    { topic: "b", weight: 0.5 },
  ]);
  const many = Array.from({ length: 17 }, (_, at) => [`f${String(at).padStart(2, "0")}/x`]);
  expect(prioritiesOf(many).map(({ topic }) => topic)).toEqual(
    many.slice(0, 16).map(([path]) => path?.split("/")[0]),
  );
  expect(prioritiesOf([])).toEqual([]);
});
