import type { LogAnswer, LogRequest } from "@foedus/kernel/sync/log.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { GroupCommit } from "../../runtime/storage/group.ts";
import type { Storage, TenantTx } from "../../runtime/storage/storage.ts";

type Asked = Extract<LogRequest, { type: "look" }>;
type Looked = Extract<LogAnswer, { type: "look" }>;
type Look = (tx: TenantTx) => Promise<Looked>;

/** How many looks share a transaction. */
const looksMax = 32;
/** Of how many tenants it is known that a transaction is under way; beyond it each begins anew. */
const tenantsMax = 1_000;

/**
 * Where logs stand, asked by each call that opens a stream. To begin and end a transaction takes
 * longer than the look, so those that come while one is under way go into the next together. What
 * may write and lock goes by itself.
 */
export class Looks {
  readonly #storage: Pick<Storage, "tenant">;
  readonly #groups = new Map<TenantId, GroupCommit<Look, Looked>>();

  constructor(storage: Pick<Storage, "tenant">) {
    this.#storage = storage;
  }

  async look(tenant: TenantId, { child, parent }: Asked, look: Look): Promise<Looked> {
    const isRead = child === undefined && parent === undefined;
    if (!isRead) return await this.#storage.tenant(tenant, look);
    return await this.#groupOf(tenant).add(look);
  }

  #groupOf(tenant: TenantId): GroupCommit<Look, Looked> {
    const known = this.#groups.get(tenant);
    if (known !== undefined) return known;
    const flush = (looks: readonly Look[]) =>
      this.#storage.tenant(tenant, async (tx) => {
        const all: Looked[] = [];
        for (const look of looks) all.push(await look(tx));
        return all;
      });
    const group = new GroupCommit(flush, { itemsMax: looksMax });
    if (this.#groups.size >= tenantsMax) this.#groups.clear();
    this.#groups.set(tenant, group);
    return group;
  }
}
