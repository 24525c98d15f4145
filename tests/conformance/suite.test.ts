// The Connect project's conformance suite, against the hub's listener and the SDK's transport.
import { expect, test } from "vitest";
import { go, isAtHand } from "../../tools/third-party/toolchain.ts";
import { examine, pageSays, peerRows, verdictRow } from "./report.ts";

/** The first time packages are fetched and compiled. */
const firstMs = 400_000;

test.runIf(isAtHand(go)).each(["server", "client"] as const)(
  "as a %s we pass every case but the known ones, as docs/conformance.md says",
  async (side) => {
    const verdict = await examine(side);
    if (verdict.failed > 0) throw new Error(verdict.said);
    expect(pageSays()).toContain(verdictRow(side, verdict));
  },
  firstMs,
);

test("docs/conformance.md names every client that meets a hub in the matrix", () => {
  for (const peer of peerRows()) expect(pageSays()).toContain(peer);
});
