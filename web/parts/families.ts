import {
  type DescFile,
  type DescMessage,
  fromBinary,
  getOption,
  hasOption,
} from "@bufbuild/protobuf";
import { type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import { file_foedus_access_v1_access_event } from "@foedus/gen/foedus/access/v1/access_event_pb.js";
import { file_foedus_event_v1_event_event } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { file_foedus_event_v1_report_event } from "@foedus/gen/foedus/event/v1/report_event_pb.js";
import { file_foedus_identity_v1_identity_event } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import { file_foedus_learning_v1_learning_event } from "@foedus/gen/foedus/learning/v1/learning_event_pb.js";
import { file_foedus_link_v1_link_event } from "@foedus/gen/foedus/link/v1/link_event_pb.js";
import { file_foedus_node_v1_node_event } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { file_foedus_sync_v1_sync_event } from "@foedus/gen/foedus/sync/v1/sync_event_pb.js";
import { file_foedus_task_v1_task_event } from "@foedus/gen/foedus/task/v1/task_event_pb.js";
import { hexText } from "./measure.ts";

/** What the payload of an event turned out to be. */
export type Payload =
  | {
      readonly known: true;
      readonly message: Message;
      readonly json: JsonValue;
      readonly of: string;
    }
  | { readonly known: false; readonly why: string; readonly hex: string; readonly length: number };

const files: readonly DescFile[] = [
  file_foedus_access_v1_access_event,
  file_foedus_event_v1_event_event,
  file_foedus_event_v1_report_event,
  file_foedus_identity_v1_identity_event,
  file_foedus_learning_v1_learning_event,
  file_foedus_link_v1_link_event,
  file_foedus_node_v1_node_event,
  file_foedus_sync_v1_sync_event,
  file_foedus_task_v1_task_event,
];

const hexBytesMax = 4_096;

/** Every message that says it is a family, by the type it travels under. */
export const families: ReadonlyMap<string, DescMessage> = new Map(
  files
    .flatMap((file) => file.messages)
    .filter((message) => hasOption(message, family))
    .map((message) => [getOption(message, family).type, message]),
);

/** Decodes by the family's descriptor; what nobody here knows is shown as bytes. */
export function decodePayload(type: string, payload: Uint8Array): Payload {
  const schema = families.get(type);
  if (schema === undefined) return bytesOf("this page does not know the family", payload);
  try {
    const message = fromBinary(schema, payload);
    return { known: true, message, json: toJson(schema, message), of: schema.typeName };
  } catch {
    return bytesOf(`not a valid ${schema.typeName}`, payload);
  }
}

function bytesOf(why: string, payload: Uint8Array): Payload {
  const hex = hexText(payload.subarray(0, hexBytesMax));
  return { known: false, why, hex, length: payload.length };
}
