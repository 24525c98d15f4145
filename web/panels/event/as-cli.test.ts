import { expect, test } from "vitest";
import { replayCommand, showCommand, tailCommand } from "./as-cli.ts";
import { viewOf } from "./view.ts";

test("the command asks for what the address asks for", () => {
  const address = {
    type: "hub.health,hub.presence",
    not: "telemetry_sync",
    source: "node_1,hub",
    q: "disk full",
    since: "15m",
    until: "2026-11-21T09:30:00Z",
    depth: "20000",
  };
  expect(replayCommand(viewOf(address))).toBe(
    "npx foedus event replay --type hub.health --type hub.presence --except telemetry_sync " +
      "--node node_1 --node hub --words 'disk full' --since 15m " +
      "--until 2026-11-21T09:30:00Z --last 20000",
  );
  expect(tailCommand(viewOf({}))).toBe("npx foedus event tail --last 2000");
  expect(showCommand(12n)).toBe("npx foedus event show 12");
});

test("what somebody put into an address is one word to a shell", () => {
  const subject = "a'b; rm -rf $HOME `id`";
  const command = replayCommand(viewOf({ subject, q: "-x\n$(id)\u0003" }));
  expect(command).toContain(String.raw`--subject 'a'\''b; rm -rf $HOME ` + "`id`'");
  expect(command).toContain("--words '-x $(id) '");
});
