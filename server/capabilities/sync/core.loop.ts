import { newHub } from "@foedus/kernel/sync/hub.state.ts";
import type { Grown } from "@foedus/kernel/sync/hub.state.ts";
import { defaultLimits as limits } from "@foedus/kernel/sync/limits.ts";
import { soundRules as rules } from "@foedus/kernel/sync/rules.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Hub, Loop } from "../../runtime/capability.ts";
import type { Drivers } from "./drivers.ts";
import { charterOf, type Declarations } from "./charter.ts";
import { Driver } from "./driver.loop.ts";
import { followersOf } from "./followers.ts";
import { findHead, standingOf } from "./head.store.ts";
import { openIncarnation } from "./incarnation.store.ts";
import { streamOfKey } from "./key.ts";
import { openSyncLog, type SyncLog } from "./log.store.ts";
import type { Declared } from "./news.loop.ts";
import { parentName } from "./opening.ts";
import { retainLoop } from "./retain.loop.ts";
import type { Guest } from "./seat.ts";
import type { Segments } from "./segment.rpc.ts";

/** The core of sync with the log of this hub under it. */
export interface Core {
  readonly driver: Driver;
  readonly log: SyncLog;
  readonly drivers: Drivers;
  readonly loops: readonly Loop[];
}

/** How often it is looked who heard nothing: of two looks in a row the second says something. */
const beatMs = 7_000;

/**
 * Opens the log and starts the core on what it holds. What was read before another database
 * answered is to be forgotten.
 */
export async function openCore(
  hub: Pick<Hub, "config" | "log" | "processes" | "storage" | "world">,
  declared: Pick<Declared, "of">,
  verifySegments: Segments,
  forget: () => void,
): Promise<Core> {
  const { storage } = hub;
  const { zones, parent, tenant } = hub.config();
  const declarations: Declarations = new Map();
  const incarnation = await openIncarnation(storage);
  const others = () => hub.processes.list().filter(({ live }) => live).length > 1;
  const log = openSyncLog({ storage, incarnation, rules, limits, others });
  let shelved = await log.shelved();
  // Until it has spoken the parent may hold whatever this hub may.
  const above = parent === "" ? undefined : { name: parentName, zones, tenant };
  const driver = new Driver({
    log: hub.log,
    limits,
    checks: {
      verifySegments,
      async readDeclared(whose) {
        declarations.set(whose, await declared.of(whose));
      },
    },
    answer: (request, latest) => log.answer(request, storage.nowMs(), latest),
    held: (request) => log.held(request),
    nowMs: () => storage.nowMs(),
    boot() {
      const start = { hub: log.hub(), zones, parent: above, rules, limits };
      return newHub({ ...start, charter: charterOf(declarations) }, shelved);
    },
    async reincarnate() {
      await log.reincarnate();
      forget();
      shelved = await log.shelved();
    },
  });
  const loops = [
    grownLoop(driver, log),
    beatLoop(hub, driver, log),
    retainLoop(storage, () => log, limits),
  ];
  return { driver, log, drivers: driversOf(hub, driver, log), loops };
}

/** Hubs over one database hear of each other's commits. */
function grownLoop(driver: Driver, log: SyncLog): Loop {
  const tell = (grown: Grown) => {
    const { tenant, stream } = streamOfKey(grown.key);
    log.forget(tenant, stream, grown.standing.epoch);
    driver.grown({ type: "grown", ...grown });
  };
  return { name: "sync.grown", run: (signal) => log.watch(tell, signal) };
}

function beatLoop(hub: Pick<Hub, "log" | "world">, driver: Driver, log: SyncLog): Loop {
  return {
    name: "sync.beat",
    async run(signal) {
      while (!signal.aborted) {
        await hub.world.timers.sleep(beatMs, signal);
        driver.beat();
        await renewIfOther(driver, log).catch((error: unknown) => {
          hub.log.warn("whose stamps sync gives could not be looked at", { error });
        });
      }
    },
  };
}

/**
 * Another database may answer by now, e.g. a standby that was promoted: what is stamped from here
 * on is stamped as another.
 */
export async function renewIfOther(
  driver: Pick<Driver, "renew">,
  log: Pick<SyncLog, "isCurrent">,
): Promise<void> {
  if (!(await log.isCurrent())) await driver.renew();
}

function driversOf(hub: Pick<Hub, "log" | "storage">, driver: Driver, log: SyncLog): Drivers {
  const { storage } = hub;
  const regrow = async (tenant: TenantId, stream: Stream) => {
    log.forget(tenant, stream);
    const head = await storage.tenant(tenant, (tx) => {
      return findHead(tx, { tenant, stream }, log.hub());
    });
    const key = rules.keyOf(tenant, stream);
    const whose = { tenant, stream };
    driver.grown({ type: "grown", key, standing: standingOf(head), whose });
  };
  return {
    regrant(tenant, nodeId) {
      const isTheirs = (one: { tenant: string; grantee: string | undefined }) =>
        one.tenant === tenant && one.grantee === nodeId;
      driver.leave(isTheirs, "an admin changed what this node may do");
    },
    regrown(tenant, stream) {
      regrow(tenant, stream).catch((error: unknown) => {
        hub.log.error("a stream that changed could not be looked at", { error });
      });
    },
    redeclared(tenant, collection) {
      const feedsOf = (session: string) => driver.state.sessions.get(session)?.feeds.values() ?? [];
      const asks = ({ session }: Guest) =>
        driver.turnedAway.has(session, collection) ||
        [...feedsOf(session)].some(({ stream }) => stream.collection === collection);
      const follows = (one: Guest) => one.tenant === tenant && one.peer === "REPLICA" && asks(one);
      driver.leave(follows, "its collection is declared otherwise by now");
    },
    followers: (tenant) =>
      followersOf(driver.state, driver.seats(), driver.times, tenant, storage.nowMs()),
  };
}
