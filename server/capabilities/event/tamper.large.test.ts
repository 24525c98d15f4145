import { expect, test } from "vitest";
import { batchOf, newSigner, run, testRules } from "../../../tests/support/publication.ts";
import { offerMutants } from "../../../tests/support/tamper.ts";
import { openBatch } from "./batch.ts";

const mutantsMax = 50_000;

test("50,000 single-bit mutants of large batches: none is accepted", { timeout: 300_000 }, () => {
  const signer = newSigner();
  const tally = { mutants: 0, accepted: 0, toSignature: 0 };
  for (const size of [5, 7, 8, 13, 17, 19]) {
    const place = { source: signer.source, stream: "main", epoch: 1n, first: 1n };
    const batch = batchOf(signer, run(place, size));
    expect(openBatch(batch, signer, testRules).events).toHaveLength(size);
    offerMutants(batch, signer, tally, mutantsMax);
  }
  expect(tally).toMatchObject({ mutants: mutantsMax, accepted: 0 });
  expect(tally.toSignature).toBeGreaterThan(0.8 * mutantsMax);
});
