import type { World } from "@foedus/kernel/world.ts";
import type { AuditWriter, Refusal } from "./audit.ts";
import { every } from "./every.ts";
import type { Log } from "./log.ts";
import { appendAudit } from "./storage/audit.ts";
import type { Storage } from "./storage/storage.ts";

/** A writer that still holds what it has not written. */
export interface OpenAudit extends AuditWriter {
  /** Writes the rest. */
  stop(): Promise<void>;
}

/**
 * Equal refusals of this long become one leaf that says how many: a flood must not fill the log.
 */
const gatherMs = 1_000;

/** Different ones held at most; beyond it they are only counted in the log. */
const gatheredMax = 10_000;

interface Gathered {
  readonly refusal: Refusal;
  times: number;
}

/** Writes refusals and begun flows to the tenant's audit log, gathered by the second. */
export function storageAudit(storage: Storage, world: World, log: Log): OpenAudit {
  let gathered = new Map<string, Gathered>();
  let lost = 0;
  let writing = Promise.resolve();
  const flush = () => {
    const batch = gathered;
    gathered = new Map();
    if (lost > 0) log.warn("refusals not audited one by one", { lost });
    lost = 0;
    if (batch.size > 0) writing = writing.then(() => write(storage, log, [...batch.values()]));
    return writing;
  };
  const stop = every(world, gatherMs, () => void flush());
  const note = (refusal: Refusal) => {
    const key = JSON.stringify(refusal);
    const found = gathered.get(key);
    if (found !== undefined) found.times += 1;
    else if (gathered.size >= gatheredMax) lost += 1;
    else gathered.set(key, { refusal, times: 1 });
  };
  return {
    refused: note,
    began: (flow) => note({ ...flow, requestId: "", outcome: "OK" }),
    stop() {
      stop();
      return flush();
    },
  };
}

async function write(storage: Storage, log: Log, batch: readonly Gathered[]): Promise<void> {
  for (const tenant of new Set(batch.map(({ refusal }) => refusal.tenant))) {
    const theirs = batch.filter(({ refusal }) => refusal.tenant === tenant);
    const leaves = theirs.map(({ refusal, times }) => ({
      ...refusal,
      requestHash: new Uint8Array(),
      object: "",
      facts: times === 1 ? [] : [`${times} times`],
    }));
    await storage
      .tenant(tenant, (tx) => appendAudit(tx, leaves))
      .catch((error: unknown) => log.error("refusals not audited", { tenant, leaves, error }));
  }
}
