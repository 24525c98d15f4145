import { equals } from "@bufbuild/protobuf";
import {
  StreamStatusSchema,
  type StreamStatus,
} from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { allStreams, type StatusKit } from "./status.flow.ts";

/** A stream, and the number of the look that found it other than before. */
export interface Seen {
  readonly status: StreamStatus;
  readonly version: number;
}

/** All streams of a tenant as they were at one look. */
export interface View {
  readonly version: number;
  readonly rows: ReadonlyMap<string, Seen>;
}

/** Somebody who watches a tenant's streams. */
export interface Viewer {
  /** How they stand: not older than the pace, for whoever asks meanwhile shares one look. */
  look(): Promise<View>;
  close(): void;
}

/** How often a tenant's streams are looked at, at most, whoever watches them. */
export const paceMs = 500;

/** Looking takes no more than a tenth of the time, however many streams there are. */
const pauseFactor = 9;

/** Looks at the streams of tenants as long as somebody watches. */
export function openViews(
  kit: StatusKit,
  hubZones: () => readonly string[],
): (tenant: TenantId) => Viewer {
  const shared = new Map<TenantId, Shared>();
  return (tenant) => {
    const own = shared.get(tenant) ?? new Shared(kit, tenant, hubZones);
    shared.set(tenant, own);
    own.viewers += 1;
    let isOpen = true;
    return {
      look: () => own.look(),
      close() {
        if (!isOpen) return;
        isOpen = false;
        own.viewers -= 1;
        if (own.viewers === 0) shared.delete(tenant);
      },
    };
  };
}

class Shared {
  viewers = 0;
  readonly #kit: StatusKit;
  readonly #tenant: TenantId;
  readonly #hubZones: () => readonly string[];
  #view: View = { version: 0, rows: new Map() };
  #looking: Promise<View> | undefined;
  #dueMs = 0;

  constructor(kit: StatusKit, tenant: TenantId, hubZones: () => readonly string[]) {
    this.#kit = kit;
    this.#tenant = tenant;
    this.#hubZones = hubZones;
  }

  async look(): Promise<View> {
    const isDue = this.#kit.storage.world.clock.monotonic() >= this.#dueMs;
    if (this.#looking === undefined && !isDue) return this.#view;
    this.#looking ??= this.#read().finally(() => (this.#looking = undefined));
    return await this.#looking;
  }

  async #read(): Promise<View> {
    const { clock } = this.#kit.storage.world;
    const startMs = clock.monotonic();
    const found = await allStreams(this.#kit, this.#tenant, this.#hubZones());
    const doneMs = clock.monotonic();
    this.#dueMs = Math.max(startMs + paceMs, doneMs + pauseFactor * (doneMs - startMs));
    const version = this.#view.version + 1;
    const rows = new Map(found.flatMap((status) => this.#seen(status, version)));
    return (this.#view = { version, rows });
  }

  #seen(status: StreamStatus, version: number): [string, Seen][] {
    if (status.stream === undefined) return [];
    const key = streamKey(this.#tenant, status.stream);
    const before = this.#view.rows.get(key);
    const isSame = before !== undefined && equals(StreamStatusSchema, before.status, status);
    return [[key, isSame ? before : { status, version }]];
  }
}
