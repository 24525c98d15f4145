import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Carriage, Hold, Patch, Quarantined } from "@foedus/kernel/sync/hold.ts";
import { newId } from "@foedus/kernel/ids.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "../error.ts";
import type { Loaded, Save, SyncDisk } from "./disk.ts";
import { answered, indexedFactory, opened, transacted, under } from "./indexed.ts";
import type { Database, Store } from "./indexed.ts";
import { bytesOfCell, bytesOfMark, dotNamed, headAfter, holdOf, newHead } from "./row.ts";
import type { HeadRow } from "./row.ts";

const version = 1;

/** Each store, and what names a row in it. */
const stores = {
  own: "name",
  head: "key",
  cell: ["key", "name"],
  mark: ["key", "replica"],
  op: ["key", "replica", "ctr"],
  quarantine: ["key", "replica", "ctr"],
} as const;

type Named = (name: keyof typeof stores) => Store;

const names = Object.keys(stores);

/**
 * Keeps collections in a browser's IndexedDB, the key they are written with beside the counters.
 * One page at a time has it: the one that was opened last. One before it ends with SYNC_FILE_HELD
 * when it writes the next time, and nothing of what it then wrote is kept.
 */
export function indexedDisk(name: string, world: World): SyncDisk {
  const owner = newId("own", world);
  const heads = new Map<string, HeadRow>();
  let open: Database | undefined;
  return {
    place: name,
    async load(fresh) {
      try {
        open = await openDatabase(name);
        return await transacted(open, names, (store) => readAll(store, heads, { fresh, owner }));
      } catch (error) {
        open?.close();
        throw failed(name, error);
      }
    },
    async save(saves, replica) {
      if (open === undefined) throw new FoedusError(Reason.SYNC_CLOSED);
      const saving = { name, owner, saves, replica };
      try {
        await transacted(open, names, (store) => saveAll(store, heads, saving));
      } catch (error) {
        throw failed(name, error);
      }
    },
    async close() {
      open?.close();
      open = undefined;
    },
  };
}

function openDatabase(name: string): Promise<Database> {
  const factory = indexedFactory();
  if (factory === undefined) throw new Error("there is no IndexedDB here");
  return opened(factory, name, version, (database) => {
    for (const [store, keyPath] of Object.entries(stores)) {
      if (!database.objectStoreNames.contains(store))
        database.createObjectStore(store, { keyPath });
    }
  });
}

interface Own {
  readonly value: string;
}

async function readAll(
  store: Named,
  heads: Map<string, HeadRow>,
  { fresh, owner }: { readonly fresh: string; readonly owner: string },
): Promise<Loaded> {
  const own = store("own");
  const known = (await answered(own.get("replica"))) as Own | undefined;
  const replica = known?.value ?? fresh;
  own.put({ name: "replica", value: replica });
  own.put({ name: "owner", value: owner });
  const cells = await rowsOf<{ name: string; bytes: Uint8Array }>(store("cell"));
  const marks = await rowsOf<{ bytes: Uint8Array }>(store("mark"));
  const ops = await rowsOf<Carriage>(store("op"));
  const quarantine = await rowsOf<Quarantined>(store("quarantine"));
  const holds = new Map<string, Hold>();
  for (const head of (await answered(store("head").getAll())) as HeadRow[]) {
    const { key } = head;
    heads.set(key, head);
    const rows = {
      cells: cells(key).map(({ name, bytes }) => [name, bytes] as const),
      marks: marks(key).map(({ bytes }) => bytes),
      ops: ops(key),
      quarantine: quarantine(key),
    };
    holds.set(key, holdOf({ head, ...rows }));
  }
  return { replica, holds };
}

/** All rows of a store, by stream; without the stream's key, which the program has already. */
async function rowsOf<Row>(store: Store): Promise<(key: string) => Row[]> {
  const all = (await answered(store.getAll())) as { readonly key: string }[];
  const grouped = Map.groupBy(all, ({ key }) => key);
  return (key) => (grouped.get(key) ?? []).map(({ key: _key, ...row }) => row as Row);
}

interface Saving {
  readonly name: string;
  readonly owner: string;
  readonly saves: readonly Save[];
  readonly replica: string | undefined;
}

async function saveAll(
  store: Named,
  heads: Map<string, HeadRow>,
  { name, owner, saves, replica }: Saving,
): Promise<void> {
  const now = (await answered(store("own").get("owner"))) as Own | undefined;
  if (now?.value !== owner) throw new FoedusError(Reason.SYNC_FILE_HELD, { file: name });
  if (replica !== undefined) store("own").put({ name: "replica", value: replica });
  const changed = new Set<string>();
  for (const { stream, patch } of saves) {
    const { key } = patch;
    heads.set(key, headAfter(heads.get(key) ?? newHead(key, stream), patch));
    changed.add(key);
    savePatch(store, patch);
  }
  for (const key of changed) {
    const head = heads.get(key);
    if (head !== undefined) store("head").put(head);
  }
}

/** In the order of applyPatch, which does the same in memory. */
function savePatch(store: Named, patch: Patch): void {
  const { key, swap } = patch;
  if (swap !== undefined) {
    store("cell").delete(under(key));
    store("mark").delete(under(key));
  }
  for (const [name, cell] of [...(swap?.cells ?? []), ...(patch.cells ?? [])]) {
    if (cell === undefined) store("cell").delete([key, name]);
    else store("cell").put({ key, name, bytes: bytesOfCell(cell) });
  }
  for (const op of patch.ops ?? []) store("op").put({ key, ...op });
  for (const each of patch.quarantined ?? []) store("quarantine").put({ key, ...each });
  for (const mark of [...(swap?.marks.values() ?? []), ...(patch.marks ?? [])]) {
    store("mark").put({ key, replica: mark.replica, bytes: bytesOfMark(mark) });
  }
  for (const name of patch.released ?? []) store("quarantine").delete([key, ...dotNamed(name)]);
  for (const name of patch.dropped ?? []) store("op").delete([key, ...dotNamed(name)]);
}

/** What a browser says, in our words; what we said ourselves stays as it is. */
function failed(file: string, cause: unknown): FoedusError {
  if (cause instanceof FoedusError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Error && cause.name === "VersionError") {
    const facts = { file, version: "newer", known: version };
    return new FoedusError(Reason.SYNC_FILE_NEWER, facts, { cause });
  }
  return new FoedusError(Reason.SYNC_DISK_FAILED, { file, detail }, { cause });
}
