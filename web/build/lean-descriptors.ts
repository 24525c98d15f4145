import { fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type EnumDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import type { Plugin } from "vite";

/** The number of every extension of buf.validate. */
const rules = 1159;
/** The number of `foedus.fault.v1.explain`. */
const explanations = 50_111;
const unread = new Set([rules, explanations]);

const descriptor = /fileDesc\("(?<base64>[A-Za-z0-9+/=]+)"/u;

/**
 * Leaves out of each schema what only the hub reads: the rules that it validates by, and what it
 * says of each reason: 14 KB gzip of the first load.
 */
export function leanDescriptors(): Plugin {
  return {
    name: "foedus:lean-descriptors",
    enforce: "pre",
    transform(code, id) {
      if (!/\/gen\/proto\/foedus\/.*_pb\.js$/u.test(id)) return null;
      return code.replace(descriptor, (whole, base64: string) =>
        whole.replace(base64, leanOf(base64)),
      );
    },
  };
}

/** The same schema without those options. */
export function leanOf(base64: string): string {
  const file = fromBinary(FileDescriptorProtoSchema, base64Decode(base64));
  for (const message of file.messageType) stripMessage(message);
  for (const each of file.enumType) stripEnum(each);
  return base64Encode(toBinary(FileDescriptorProtoSchema, file), "std_raw");
}

function stripMessage(message: DescriptorProto): void {
  strip(message);
  for (const field of message.field) strip(field);
  for (const group of message.oneofDecl) strip(group);
  for (const nested of message.nestedType) stripMessage(nested);
  for (const each of message.enumType) stripEnum(each);
}

function stripEnum(each: EnumDescriptorProto): void {
  for (const value of each.value) strip(value);
}

/** Options that nobody registered are unknown fields here. */
function strip(owner: { options?: Message }): void {
  const { options } = owner;
  if (options === undefined) return;
  const kept = options.$unknown?.filter(({ no }) => !unread.has(no)) ?? [];
  if (kept.length > 0) options.$unknown = kept;
  else delete options.$unknown;
}
