// Many who only read one stream, over the connections of a few nodes.
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { BenchNode } from "./federation.ts";
import { BenchSession } from "./sync-session.ts";

const waveSize = 50;

/** Opens so many sessions; resolves once all follow the stream. */
export async function openCrowd(
  nodes: readonly BenchNode[],
  stream: Stream,
  count: number,
  hear?: (frame: Frame) => void,
): Promise<BenchSession[]> {
  const crowd: BenchSession[] = [];
  const options = { readOnly: true, ...(hear === undefined ? {} : { hear }) };
  while (crowd.length < count) {
    const wave = Array.from({ length: Math.min(waveSize, count - crowd.length) }, (_, at) => {
      const node = nodes[(crowd.length + at) % nodes.length] as BenchNode;
      return new BenchSession(node.session, stream, options);
    });
    await Promise.all(wave.map((one) => one.resumed()));
    crowd.push(...wave);
  }
  return crowd;
}

/** How many ops came to all of them. */
export function cameTo(crowd: readonly BenchSession[]): number {
  return crowd.reduce((sum, { came }) => sum + came.ops, 0);
}
