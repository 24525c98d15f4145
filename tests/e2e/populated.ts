// A populated federation for journeys.
import type { Populated, PopulatedOptions } from "../support/populated/shape.ts";

interface Loaded {
  startPopulated(options: PopulatedOptions): Promise<Populated>;
}

/** Loaded by its place: the hub's own sources do not type-check beside the names of a browser. */
export async function startPopulated(options: PopulatedOptions): Promise<Populated> {
  const place = new URL("../support/populated/federation.ts", import.meta.url).href;
  const loaded = (await import(place)) as Loaded;
  return await loaded.startPopulated(options);
}
