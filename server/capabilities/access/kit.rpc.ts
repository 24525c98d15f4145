import type { Storage } from "../../runtime/storage/storage.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import type { News } from "./news.loop.ts";
import type { RequestStore } from "./request.store.ts";
import type { RuleStore } from "./rule.store.ts";
import type { Known } from "./standing.store.ts";

/** What the handlers of access work with. */
export interface AccessKit {
  readonly storage: Storage;
  readonly requests: RequestStore;
  readonly rules: RuleStore;
  /** What those who wait are woken by. */
  readonly news: News;
  /** Aborts when the hub begins to stop: nobody is kept waiting then. */
  readonly draining: AbortSignal;
  /** By what a tenant's joiners are judged now. */
  standing(tenant: TenantId): Promise<Known>;
}
