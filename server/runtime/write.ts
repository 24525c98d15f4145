import type { DescMessage, DescMethod, Message } from "@bufbuild/protobuf";
import { hasOption, toBinary } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { callerOf } from "./caller.ts";

/** One decision that was asked for: by whom, which, and with what words. */
export interface Write {
  readonly caller: Caller;
  /** e.g. "foedus.node.v1.NodeService/RetireNode". */
  readonly method: string;
  readonly requestId: string;
  readonly requestHash: Uint8Array;
  /** Whether the answer holds a secret, so that it is not kept. */
  readonly answersSecret: boolean;
}

/** The decision that this call asks for. */
export function writeOf(
  request: Message & { readonly requestId: string },
  context: HandlerContext,
): Write {
  const method: DescMethod = context.method;
  return {
    caller: callerOf(context),
    method: `${method.parent.typeName}/${method.name}`,
    requestId: request.requestId,
    requestHash: sha256(toBinary(method.input, request)),
    answersSecret: hasSecret(method.output),
  };
}

function hasSecret(schema: DescMessage, seen = new Set<string>()): boolean {
  if (seen.has(schema.typeName)) return false;
  seen.add(schema.typeName);
  return schema.fields.some(
    (field) =>
      hasOption(field, sensitive) ||
      (field.message !== undefined && hasSecret(field.message, seen)),
  );
}
