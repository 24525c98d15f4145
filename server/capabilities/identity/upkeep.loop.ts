import type { Hub, Loop } from "../../runtime/capability.ts";
import { utcText } from "@foedus/kernel/time.ts";
import { hourly } from "../../runtime/storage/upkeep.ts";
import type { Authority } from "./authority.ts";
import type { Directory } from "./directory.ts";
import type { DirectoryStore } from "./directory.store.ts";
import type { TokenStore } from "./token.store.ts";

const dayMs = 86_400_000;

/** How long one may still look up which certificate or token it was. */
const certificatesKeptMs = 7 * dayMs;
const tokensKeptMs = 30 * dayMs;

/** How long before its end the operator hears of the intermediate, each day. */
const warnMs = 30 * dayMs;

interface Kit {
  readonly hub: Pick<Hub, "storage" | "log" | "world">;
  readonly authority: Authority;
  readonly directory: Directory;
  readonly store: DirectoryStore;
  readonly tokens: TokenStore;
}

/** What identity's tables and its CA need from time to time. */
export function upkeepLoops({ hub, authority, directory, store, tokens }: Kit): Loop[] {
  const { storage, log, world } = hub;
  const forget = hourly(storage, "forget", async () => {
    directory.prune();
    await store.forgetCertificates(storage.nowMs() - certificatesKeptMs);
    await tokens.forget(storage.nowMs() - tokensKeptMs);
  });
  const warn: Loop = {
    name: "intermediate",
    async run(signal) {
      while (!signal.aborted) {
        const endMs = authority.issuer.certificate.notAfter.getTime();
        if (endMs - storage.nowMs() < warnMs) {
          const fix = "run `foedus hub renew-ca` with the recovery code, then restart the hub";
          log.warn("the hub's issuing certificate ends soon", { end: utcText(endMs), fix });
        }
        await world.timers.sleep(dayMs, signal);
      }
    },
  };
  return [forget, warn];
}
