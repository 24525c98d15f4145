import type { Push } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Segment } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { areCovered, headerOf } from "@foedus/kernel/sync/segment.ts";

/**
 * Who says to have signed a push that somebody else brings: of this tenant, for this stream and
 * replica, each op of it. Undefined when nobody says so, or two do.
 */
export function signerOf(tenant: string, push: Push): string | undefined {
  const { stream, replica, ctrFrom, ops, segments } = push;
  if (stream === undefined || segments.length === 0) return undefined;
  const headers = segments.map(headerOf).filter((header) => header !== undefined);
  const nodeId = headers[0]?.nodeId;
  const key = streamKey(tenant, stream);
  const fits = headers.every(
    (header) =>
      header.tenant === tenant &&
      streamKey(header.tenant, header.stream) === key &&
      header.replica === replica &&
      header.nodeId === nodeId,
  );
  const isWhole = headers.length === segments.length && areCovered(headers, ctrFrom, ops);
  return fits && isWhole && nodeId !== "" ? nodeId : undefined;
}

/** A segment that was verified, as it is remembered: its bytes, and the key it was held against. */
export function verifiedName({ header, signature }: Segment, publicKey: Uint8Array): string {
  return [header, signature, publicKey].map((part) => hex(sha256(part))).join();
}
