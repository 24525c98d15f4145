import { execFile } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { makeDataFolder } from "../../tests/support/folder.ts";

const run = promisify(execFile);
const demo = fileURLToPath(new URL("sync.ts", import.meta.url));
const demoMs = 240_000;
const places = ["ada", "ben", "cleo", "dan", "east", "global", "west"];

/** The chapters' tables: of each place its state. */
function tablesOf(out: string): Map<string, string>[] {
  const rows = (chapter: string) =>
    new Map([...chapter.matchAll(/^ {2}(\w+) +\d+ fields, state ([-\w]+)/gm)].map(rowOf));
  return out
    .split(/\n(?= *[\d.]+ s {2})/)
    .map(rows)
    .filter(({ size }) => size > 0);
}

function rowOf([, place = "", state = ""]: RegExpMatchArray): [string, string] {
  return [place, state];
}

test(
  "four nodes and three hubs that were cut apart come to one state, and leave nothing behind",
  async () => {
    const folder = makeDataFolder("demo");
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const env = { ...process.env, TMPDIR: folder };
    const { stdout: out, stderr } = await run(process.execPath, [demo], { env, timeout: demoMs });
    expect(stderr).toBe("");

    const [before, apart, healed, resolved] = tablesOf(out);
    for (const equal of [before, healed, resolved]) {
      expect([...(equal?.keys() ?? [])].toSorted()).toEqual(places);
      expect(new Set(equal?.values()).size).toBe(1);
    }
    expect(apart?.get("ada")).toBe(apart?.get("east"));
    expect(apart?.get("dan")).not.toBe(apart?.get("ada"));
    const states = [before, apart, healed, resolved].map((table) => table?.get("ada"));
    expect(new Set(states).size).toBe(4);

    expect(out).toMatch(/cleo .* 3 writes wait for a hub\n {2}dan .* 2 writes wait for a hub/);
    expect(out).toMatch(/all +show "Monti", and keep "Trastevere"/);
    expect(out).toMatch(
      /global +explains: Of 2 values .* is shown: \S+ by dan, against \S+ by ada/,
    );
    expect(out.match(/ 20 votes$/gm)).toHaveLength(4);

    expect(readdirSync(folder)).toEqual([]);
    const { stdout: processes } = await run("ps", ["-A", "-o", "args"]);
    expect(processes).not.toContain(folder);
  },
  demoMs,
);
