// A node that writes to a stream of a hub in another process, over the real wire.
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { joinHub } from "../../clients/sdk/join.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { streamOf, TestSpoke } from "./spoke.ts";
import type { SyncWriter, WriterOptions } from "./sync.writer.shape.ts";

/** Joins, and follows the stream; it is away until it connects. */
export async function startWriter(options: WriterOptions): Promise<SyncWriter> {
  const { invitation, token, folder, collection } = options;
  await joinHub({ invitation, token, folder });
  const node = await openNode(folder);
  const spoke = new TestSpoke(node.client(SyncService));
  const stream = streamOf(collection, { lane: 2 });
  spoke.follow(stream);
  return {
    nodeId: node.nodeId,
    put: (record, text) => spoke.put(stream, record, text),
    values: (record) => spoke.values(stream, record),
    async connect() {
      await spoke.connect();
    },
    async leave() {
      spoke.leave();
      await spoke.ended;
    },
    async stop() {
      spoke.leave();
      await spoke.ended;
      await node.close();
    },
  };
}
