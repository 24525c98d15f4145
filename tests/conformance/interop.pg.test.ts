// T-I6: other people's clients and TLS libraries, as they are, on a real hub.
import { afterAll, beforeAll, describe, test } from "vitest";
import { cloneDatabase } from "../support/database.ts";
import { isPeerAtHand, peers } from "./interop/peers.ts";
import { startTarget, type Target } from "./interop/target.ts";

/** The first time packages are fetched and compiled. */
const firstMs = 400_000;

let target: Target;
beforeAll(async () => {
  target = await startTarget((await cloneDatabase()).url);
});
afterAll(() => target[Symbol.asyncDispose]());

describe.each(peers)("$name, $listener, $protocol", (peer) => {
  test.runIf(isPeerAtHand(peer))("both understand each other", () => peer.meet(target), firstMs);
});
