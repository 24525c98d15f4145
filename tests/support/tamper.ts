// Every single-bit change of signed batches, and what becomes of them.
import { equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Batch } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { BatchSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { openBatch } from "../../server/capabilities/event/batch.ts";
import { violationOf } from "../../server/runtime/violation.ts";
import { testRules, type TestSigner } from "./publication.ts";

/** What became of mutants. */
export interface Tally {
  mutants: number;
  accepted: number;
  /** How many got as far as the signature. */
  toSignature: number;
}

/** Flips each bit of a batch in turn and offers the mutant, until `mutantsMax` were tried. */
export function offerMutants(batch: Batch, signer: TestSigner, tally: Tally, mutantsMax: number) {
  const bytes = toBinary(BatchSchema, batch);
  for (let bit = 0; bit < bytes.length * 8 && tally.mutants < mutantsMax; bit++) {
    const mutant = bytes.slice();
    mutant[bit >> 3] = (mutant[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const changed = parse(mutant);
    // The parser forgives a wrong wire type: what it reads is then the batch as it was signed.
    if (changed !== undefined && equals(BatchSchema, changed, batch)) continue;
    tally.mutants += 1;
    if (changed !== undefined) offer(changed, signer, tally);
  }
}

function offer(batch: Batch, signer: TestSigner, tally: Tally): void {
  if (violationOf(BatchSchema, batch) !== undefined) return;
  try {
    openBatch(batch, signer, testRules);
    tally.accepted += 1;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.reason === Reason.EVENT_SIGNATURE_INVALID) tally.toSignature += 1;
  }
}

function parse(bytes: Uint8Array): Batch | undefined {
  try {
    return fromBinary(BatchSchema, bytes);
  } catch {
    return undefined;
  }
}
