import type { Storage } from "../../runtime/storage/storage.ts";
import { beyondCalls } from "../../runtime/underway.ts";
import { domainKeyStore, type DomainKey } from "./signer.store.ts";

/** The keys with which hubs over this database sign, so that each can tell others all of them. */
export interface DomainKeys {
  /** As last read. */
  known(): readonly DomainKey[];
  /** As they stood a second ago at most, for any number of callers. */
  recent(): Promise<readonly DomainKey[]>;
}

/** How soon the keys are read again: anybody may ask for them, and they hardly ever change. */
export const readAgainMs = 1_000;

/** Writes down this hub's own key, and reads those of the others. */
export async function openDomainKeys(
  storage: Pick<Storage, "nowMs" | "tenant">,
  own: DomainKey,
): Promise<DomainKeys> {
  const store = domainKeyStore(storage);
  await store.add(own);
  let readMs = storage.nowMs();
  let reading = store.readAll();
  let known = await reading;
  return {
    known: () => known,
    recent() {
      const nowMs = storage.nowMs();
      if (nowMs - readMs < readAgainMs) return reading;
      readMs = nowMs;
      reading = beyondCalls(async () => (known = await store.readAll()));
      // What failed is tried again by whoever comes next.
      reading.catch(() => (readMs = -Infinity));
      return reading;
    },
  };
}
