import { fromBinary } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { StoredEvent } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import type {
  EventService,
  SubscribeResponse,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { World } from "@foedus/kernel/world.ts";
import type { FoedusError } from "../error.ts";
import { persist } from "../wire/persist.ts";
import { resumed } from "../wire/resumed.ts";
import type { Heard } from "./heard.ts";
import type { Keyring } from "./keyring.ts";
import { problemOf, type SignerKey } from "./verify.ts";

/** What to hear, and from where on. */
export interface SubscribeOptions {
  /** The last cursor seen. Unset: only what comes from now on; 0n: all that is kept. */
  readonly afterCursor?: bigint;
  /** Only these families, e.g. "telemetry_sync" or "hub.*". */
  readonly types?: readonly string[];
  /** Only these sources, by SPIFFE id. */
  readonly sources?: readonly string[];
  /** Only these subjects. */
  readonly subjects?: readonly string[];
  /** All but these families. */
  readonly exceptTypes?: readonly string[];
  /** Ends when everything kept was told. */
  readonly untilHead?: boolean;
  /** Verifies signature and proof of each event by the identity keys; what fails is a forgery. */
  readonly verify?: boolean;
  /** Also yields how far the log was read, e.g. to know that one is up to date. */
  readonly heads?: boolean;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

/** What a subscription runs on. */
export interface SubscribeKit {
  readonly world: World;
  readonly client: Client<typeof EventService>;
  readonly keyring: Keyring;
  readonly moving?: () => AbortSignal;
  readonly interrupted?: (error: FoedusError) => void;
}

/** The hub breaks every silence after 15 s. */
const silenceMs = 40_000;

/**
 * Events in the order of the log, each once. A broken connection is opened again behind the last
 * event, so nothing is lost or told twice; what the hub cannot tell any more comes as a gap.
 */
export async function* subscribe(
  kit: SubscribeKit,
  options: SubscribeOptions,
): AsyncGenerator<Heard, void, void> {
  const { types = [], sources = [], subjects = [], untilHead = false, verify = false } = options;
  let cursor = options.afterCursor;
  const filter = {
    types: [...types],
    sources: [...sources],
    subjects: [...subjects],
    exceptTypes: [...(options.exceptTypes ?? [])],
  };
  const items = resumed<SubscribeResponse>({
    ...kit,
    silenceMs,
    signal: options.signal,
    farewellMs: ({ item }) => (item.case === "reconnect" ? Number(item.value.afterMs) : undefined),
    open: (signal) => {
      const request = { ...filter, afterCursor: cursor, untilHead, withProofs: verify };
      return kit.client.subscribe(request, { signal });
    },
  });
  for await (const { item } of items) {
    if (item.case === "delivery") {
      const fresh = item.value.events.filter((one) => cursor === undefined || one.cursor > cursor);
      cursor = item.value.cursor;
      for (const stored of fresh) {
        const signer = verify ? await signerOf(kit, stored, options.signal) : undefined;
        if (options.signal?.aborted === true) return;
        yield heardOf(stored, signer);
      }
    } else if (item.case === "gap") {
      const { fromCursor, toCursor, reason } = item.value;
      // A log that ends before our cursor is an older one: what follows it is new to us.
      cursor = cursor !== undefined && fromCursor <= cursor ? fromCursor - 1n : toCursor;
      yield { kind: "gap", fromCursor, toCursor, reason };
    } else if (item.case === "head") {
      cursor = item.value.cursor;
      if (options.heads === true) yield { kind: "head", cursor };
    }
  }
}

/** Who signed an event, as far as it is to be verified. */
interface Signer {
  readonly key: SignerKey | undefined;
}

/** The hub may go while it is asked for a key: then the event waits, and the subscription lives. */
async function signerOf(
  { keyring, world, interrupted: failed }: SubscribeKit,
  stored: StoredEvent,
  signal: AbortSignal | undefined,
): Promise<Signer | undefined> {
  try {
    return { key: await persist(() => keyring.keyOf(stored), { world, signal, failed }) };
  } catch (thrown) {
    if (signal?.aborted === true) return undefined;
    throw thrown;
  }
}

function heardOf(stored: StoredEvent, signer: Signer | undefined): Heard {
  const { cursor } = stored;
  if (signer !== undefined) {
    const { key } = signer;
    const problem = key === undefined ? "nobody has its key" : problemOf(stored, key);
    if (problem !== undefined) return { kind: "forgery", cursor, problem, stored };
  }
  const event = fromBinary(EventSchema, stored.event);
  return { kind: "event", cursor, receivedMs: Number(stored.receivedMs), event, stored };
}
