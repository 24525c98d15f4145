import { parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { Hub, Loop } from "../../runtime/capability.ts";
import { follow } from "../../runtime/storage/follow.ts";
import { crossingTypes } from "./peer.ts";
import { countTaken } from "./peer.store.ts";

/** Counts what was taken from each peer, once, whatever the number of hub processes. */
export function takenLoop({ storage, identity }: Pick<Hub, "storage" | "identity">): Loop {
  return {
    name: "taken",
    run: (signal) =>
      follow(
        storage,
        {
          name: "link.taken",
          log: "event",
          kinds: crossingTypes,
          act: async (tx, entries) => {
            const domains = Map.groupBy(entries, ({ source }) => parseSpiffe(source)?.trustDomain);
            for (const [domain, { length }] of domains) {
              if (domain === undefined || domain === identity.trustDomain) continue;
              await countTaken(tx, domain, length);
            }
          },
        },
        signal,
      ),
  };
}
