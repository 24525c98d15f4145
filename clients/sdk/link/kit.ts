import type { World } from "@foedus/kernel/world.ts";
import type { HubClock } from "../clock.ts";
import type { Membership } from "../membership/membership.ts";
import type { NodeStore } from "../store/store.ts";
import type { Meter } from "./meter.ts";
import type { Notice } from "./notice.ts";

/** What the parts of one open node share. */
export interface NodeKit {
  readonly world: World;
  readonly store: NodeStore;
  readonly clock: HubClock;
  readonly notice: (notice: Notice) => void;
  /** Counts what passes over the link. */
  readonly meter: Meter;
  /** Who the node is, with its newest certificate. */
  membership: Membership;
  /** Aborts when the node is closed or over; its reason is a FoedusError. */
  readonly ended: AbortController;
}

/** How long the newest certificate is still good for, by the hub's clock. */
export function leftMs({ membership, clock }: Pick<NodeKit, "membership" | "clock">): number {
  const { certificate, hubTimeMs } = membership.admission;
  if (membership.chain === undefined || certificate === undefined) return 0;
  return Number(hubTimeMs + certificate.lifetimeMs) - clock.now();
}
