import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  ExchangeRequestSchema,
  type ExchangeRequest,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chainOf, meet, notes, peer } from "../../../../tests/support/peers.sync.ts";

const texts = ["one", "two", "three", "four"];

/** What a carrier brings of an author's, as the bytes of a request. */
async function brought(): Promise<Uint8Array> {
  const [author, carrier, taker] = [peer("a"), peer("b"), peer("c")];
  for (const text of texts) author.write(text);
  await meet(carrier, author);
  const { desk } = carrier;
  const lacks = { $typeName: "foedus.sync.v1.PeerStanding" as const, stream: notes };
  const standings = [{ ...lacks, ctrs: { [author.replica]: 0 } }];
  const request = await desk.request(desk.partner(taker.membership, taker), standings);
  return toBinary(ExchangeRequestSchema, create(ExchangeRequestSchema, request));
}

function read(bytes: Uint8Array): ExchangeRequest | undefined {
  try {
    return fromBinary(ExchangeRequestSchema, bytes);
  } catch {
    return undefined;
  }
}

test("what a carrier says is taken as it was said", async () => {
  const taker = peer("c");
  const request = fromBinary(ExchangeRequestSchema, await brought());
  await taker.desk.answer(request, chainOf(peer("b")));
  expect(taker.read()).toEqual(texts.toSorted());
});

test("whichever bit of what a carrier says is flipped, nothing is shown that was not written", async () => {
  const whole = await brought();
  const carrier = peer("b");
  const flips = fc.nat(whole.length * 8 - 1);
  await fc.assert(
    fc.asyncProperty(flips, async (bit) => {
      const bytes = whole.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const request = read(bytes);
      if (request === undefined) return;
      const taker = peer("c");
      // Only what it says was changed: the certificate behind the connection is the carrier's.
      await taker.desk.answer(request, chainOf(carrier)).catch(() => undefined);
      expect(taker.read().filter((text) => !texts.includes(text))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test("any nonsense of any length is refused or has no effect", async () => {
  const taker = peer("c");
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const request = read(bytes);
      if (request === undefined) return;
      await taker.desk.answer(request, chainOf(peer("b"))).catch(() => undefined);
      expect(taker.read()).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
