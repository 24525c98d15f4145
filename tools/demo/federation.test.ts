import { execFile } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { makeDataFolder } from "../../tests/support/folder.ts";
import { slowTimes } from "../../tests/support/until.ts";

const run = promisify(execFile);
const demo = fileURLToPath(new URL("federation.ts", import.meta.url));
const demoMs = 240_000;

/** A row of the table: trust, what is claimed, and the inputs. */
function rowOf(out: string, name: string): string[] {
  const line = out.split("\n").find((one) => one.startsWith(`  ${name} `) && /\d\.\d/.test(one));
  return line?.trim().split(/ +/) ?? [];
}

test(
  "the demonstration tells what it promises, and leaves nothing behind",
  async () => {
    const folder = makeDataFolder("demo");
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const env = { ...process.env, TMPDIR: folder };
    const { stdout: out, stderr } = await run(process.execPath, [demo], { env, timeout: demoMs });
    expect(stderr).toBe("");

    const hubs = [...out.matchAll(/^ {2}(alpha|beta) +foedus:.*#(\S+)$/gm)];
    expect(new Set(hubs.map(([, , root]) => root)).size).toBe(2);
    const [ofAlpha = [], ofBeta = []] = [...out.matchAll(/^ {2}(?:alpha|beta) +(\w+,.*)$/gm)].map(
      ([, names = ""]) => names.split(", "),
    );
    expect(new Set([...ofAlpha, ...ofBeta]).size).toBe(10);

    const [, trust = "", claimed] = rowOf(out, "liar");
    expect(claimed).toBe("100.0");
    for (const name of ofAlpha.filter((one) => one !== "liar")) {
      const [, other = ""] = rowOf(out, name);
      expect(Number(other)).toBeGreaterThan(Number(trust));
    }
    expect(out).toContain("the signatures of 1 of 3 events held  [event ");
    expect(out).toMatch(/Event \d+ \(event\.refused\) is signed by spiffe:\/\/alpha\.demo\/hub\//);

    const moved = [...out.matchAll(/mean by ([\d.]+) points/g)].map(([, points]) => Number(points));
    const [plain = 0, robust = 0] = moved;
    expect(robust).toBeLessThan(plain / 1.5);

    expect(out).toMatch(/beta holds the cycle as event \d+, signed by spiffe:\/\/alpha\.demo\//);
    expect(out).toMatch(/quarantines it at once and by itself[^]*evidence is in events \d+, \d+/);
    const [, revokedMs = "none"] = /stream ended (\d+) ms after/.exec(out) ?? [];
    expect(Number(revokedMs)).toBeLessThanOrEqual(1_000 * slowTimes);
    expect(out).toMatch(/was told: node_\w+ was revoked at .*: shown in a demonstration/);

    expect(readdirSync(folder)).toEqual([]);
    const { stdout: processes } = await run("ps", ["-A", "-o", "args"]);
    expect(processes).not.toContain(folder);
  },
  demoMs,
);
