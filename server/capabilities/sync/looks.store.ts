import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";

type Asked = Extract<LogRequest, { type: "look" }>;
type Looked = Extract<LogAnswer, { type: "look" }>;
type Look = (tx: TenantTx) => Promise<Looked>;
type Settled = PromiseSettledResult<Looked>;

/** How many looks share a transaction. */
const looksMax = 32;
/** Of how many tenants it is known that a transaction is under way; beyond it each begins anew. */
const tenantsMax = 1_000;

/**
 * Where logs stand, asked by each call that opens a stream. To begin and end a transaction takes
 * longer than the look, so those that come while one is under way go into the next together. What
 * may write and lock goes by itself. A look that the database refuses costs none of the others.
 */
export class Looks {
  readonly #storage: Pick<Storage, "tenant">;
  readonly #groups = new Map<TenantId, GroupCommit<Look, Settled>>();

  constructor(storage: Pick<Storage, "tenant">) {
    this.#storage = storage;
  }

  async look(tenant: TenantId, { child, parent }: Asked, look: Look): Promise<Looked> {
    const isRead = child === undefined && parent === undefined;
    if (!isRead) return await this.#storage.tenant(tenant, look);
    const settled = await this.#groupOf(tenant).add(look);
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  }

  #groupOf(tenant: TenantId): GroupCommit<Look, Settled> {
    const known = this.#groups.get(tenant);
    if (known !== undefined) return known;
    const group = new GroupCommit((looks: readonly Look[]) => this.#lookAll(tenant, looks), {
      itemsMax: looksMax,
    });
    if (this.#groups.size >= tenantsMax) this.#groups.clear();
    this.#groups.set(tenant, group);
    return group;
  }

  async #lookAll(tenant: TenantId, looks: readonly Look[]): Promise<readonly Settled[]> {
    try {
      return await this.#together(tenant, looks);
    } catch (error) {
      if (looks.length === 1 || isAway(error)) throw error;
      return await this.#eachAlone(tenant, looks);
    }
  }

  async #together(tenant: TenantId, looks: readonly Look[]): Promise<readonly Settled[]> {
    return await this.#storage.tenant(tenant, async (tx) => {
      const all: Settled[] = [];
      for (const look of looks) all.push({ status: "fulfilled", value: await look(tx) });
      return all;
    });
  }

  /** One of them ended the transaction of all: only that one fails. */
  async #eachAlone(tenant: TenantId, looks: readonly Look[]): Promise<readonly Settled[]> {
    const all: Settled[] = [];
    for (const look of looks) {
      const [settled] = await Promise.allSettled([this.#storage.tenant(tenant, look)]);
      if (settled.status === "rejected" && isAway(settled.reason)) throw settled.reason;
      all.push(settled);
    }
    return all;
  }
}

/** Whether the database answers nobody in time, whatever is asked. */
function isAway(error: unknown): boolean {
  if (error instanceof Fault) return error.reason === Reason.DATABASE_UNREACHABLE;
  return error instanceof Error && "code" in error && error.code === statementTimeout;
}

const statementTimeout = "57014";
