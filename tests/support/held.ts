// What a page's scripts keep in memory, apart from what the engine keeps for itself.
import type { CDPSession } from "playwright-core";

/** Memory of a page's scripts in bytes, after a collection. */
export interface Held {
  /** Objects, text, functions and bytes: all that a leak is made of. */
  readonly scripts: number;
  /** Code that the engine compiled, and what it noted to compile more of it. */
  readonly engine: number;
}

interface Snapshot {
  readonly snapshot: { readonly meta: Meta };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

interface Meta {
  readonly node_fields: readonly string[];
  readonly node_types: readonly [readonly string[], ...unknown[]];
}

/** The kinds of a heap snapshot that scripts make. The DOM is counted by its nodes. */
const plain = [
  "object",
  "object shape",
  "closure",
  "array",
  "regexp",
  "number",
  "bigint",
  "symbol",
];
const texts = ["string", "concatenated string", "sliced string"];
const ofScripts = new Set([...plain, ...texts]);
/** These are what an object or a text is made of, though the engine names them. */
const theirParts = new Set(
  ["PropertyArray", "JSArrayBufferData", "ExternalStringData"].map((name) => `system / ${name}`),
);

/** Measures by a snapshot: the heap's one figure cannot tell a leak from an optimizer. */
export async function heldBy(cdp: CDPSession): Promise<Held> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }) => void chunks.push(chunk);
  cdp.on("HeapProfiler.addHeapSnapshotChunk", take);
  await cdp.send("HeapProfiler.enable");
  // What finalizers let go of is collected by the second.
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.takeHeapSnapshot", {});
  cdp.off("HeapProfiler.addHeapSnapshotChunk", take);
  return sums(JSON.parse(chunks.join("")) as Snapshot);
}

function sums({ snapshot, nodes, strings }: Snapshot): Held {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, nameAt, sizeAt] = ["type", "name", "self_size"].map((at) => fields.indexOf(at));
  const held = { scripts: 0, engine: 0 };
  for (let node = 0; node < nodes.length; node += fields.length) {
    const at = (field = 0) => nodes[node + field] ?? 0;
    const type = types[0][at(typeAt)] ?? "";
    const name = strings[at(nameAt)] ?? "";
    if (ofScripts.has(type) || theirParts.has(name)) held.scripts += at(sizeAt);
    else if (type === "code" || name.startsWith("system / ")) held.engine += at(sizeAt);
  }
  return held;
}
