import type { DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { createMethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { Served } from "../../registry.ts";
import { answerBytesMax } from "../limits.ts";
import type { Format } from "./formats.ts";
import type { Reading } from "./intake.ts";

/** How the messages of a method are read and written in one of the two encodings. */
export interface Wire {
  /** Save for the flag of the end, which is the protocol's. */
  readonly reading: Omit<Reading<Message>, "endFlag">;
  /** @throws ConnectError for what cannot be written, or is too large. */
  serialize(message: object): Uint8Array;
}

/** A method as the lean door serves it. */
export interface LeanMethod {
  readonly served: Served;
  readonly binary: Wire;
  readonly json: Wire;
}

/** Makes the method ready to be read and written, with Connect's own limits and errors. */
export function leanMethod(
  served: Served,
  readMaxBytes: { readonly binary: number; readonly json: number },
): LeanMethod {
  const { method } = served.rpc;
  const keepsBytes = holdsBytes(method.input, new Set());
  const wire = (binary: boolean): Wire => {
    const bytesMax = binary ? readMaxBytes.binary : readMaxBytes.json;
    const limits = { readMaxBytes: bytesMax, writeMaxBytes: answerBytesMax };
    const found = createMethodSerializationLookup(method, undefined, undefined, limits);
    const [input, output] = [found.getI(binary), found.getO(binary)];
    return {
      reading: { bytesMax, keepsBytes: binary && keepsBytes, parse: (bytes) => input.parse(bytes) },
      serialize: (message) => output.serialize(message as never),
    };
  };
  return { served, binary: wire(true), json: wire(false) };
}

/** The way a call of that format is read and written. */
export function wireOf(method: LeanMethod, { binary }: Format): Wire {
  return binary ? method.binary : method.json;
}

/** Whether a message of the type can hold bytes, which are read as a view of what arrived. */
function holdsBytes(type: DescMessage, seen: Set<DescMessage>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return type.fields.some((field) => {
    if ("scalar" in field && field.scalar === ScalarType.BYTES) return true;
    return field.message !== undefined && holdsBytes(field.message, seen);
  });
}
