import type { Frame } from "@foedus/gen/foedus/sync/v1/sync_frame_pb.js";
import type { Open, Opened } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { OpenSchema } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";

/** How to open a session. */
export type Opening = MessageInitShape<typeof OpenSchema> & Pick<Open, "replica">;

/** A session that is open: what the hub says, and a way to answer. */
export interface Session {
  readonly opened: Opened;
  readonly frames: AsyncIterable<Frame>;
  /** In order; what cannot be sent ends the session. */
  send(frame: Frame): void;
}

/** Opens sessions with a hub, over one stream in both directions or over its twin. */
export interface Carrier {
  open(opening: Opening, signal: AbortSignal): Promise<Session>;
}
