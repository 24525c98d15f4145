import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { choosePlace } from "./bundled.place.ts";
import { readPostmaster, servesCluster } from "./bundled.process.ts";
import { urlOf } from "./bundled.ts";

/** The address of the bundled server that runs on a data folder for somebody else, if one does. */
export function findBundled(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const { root } = choosePlace(folder, () => undefined);
  const cluster = join(root, "data");
  const found = readPostmaster(cluster);
  if (found === undefined || !found.isReady || !servesCluster(found.pid, cluster)) return undefined;
  return urlOf(found, readFileSync(join(root, "password"), "utf8"));
}
