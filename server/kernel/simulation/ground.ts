import type { Agenda } from "./agenda.ts";
import type { Build } from "./build.ts";
import type { Chance } from "./chance.ts";
import type { HubHost } from "./hub.host.ts";
import type { Net } from "./net.ts";
import type { Signers } from "./signer.ts";
import type { Watch } from "./watch.ts";

/** What every actor of one simulated world stands on. */
export interface Ground {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly net: Net;
  readonly watch: Watch;
  readonly build: Build;
  readonly signers: Signers;
  readonly tenants: readonly string[];
  /** From the root down. */
  readonly hubs: HubHost[];
  /** The wall time at which the world begins. */
  readonly startMs: number;
}
