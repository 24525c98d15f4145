// The schema as other languages get it: without the rules of protovalidate, which the hub checks.
import { execFileSync } from "node:child_process";
import type { DescriptorProto, FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { UnknownField } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";

const rulesFile = "buf/validate/validate.proto";

/** The number of each of protovalidate's options. */
const rulesNumber = 1_159;
const imageBytesMax = 64 * 1024 * 1024;

/** A compiled schema, and the names of our files in it. */
export interface LeanImage {
  readonly bytes: Uint8Array;
  readonly files: readonly string[];
}

/** Compiles the schema with its comments; a client then needs no library but protobuf's own. */
export function leanImage(root: string): LeanImage {
  const build = ["build", "proto", "--as-file-descriptor-set", "-o", "-"];
  const image = execFileSync("buf", build, { cwd: root, maxBuffer: imageBytesMax });
  const set = fromBinary(FileDescriptorSetSchema, image);
  set.file = set.file.filter((file) => file.name !== rulesFile);
  for (const file of set.file) strip(file);
  const names = set.file.map((file) => file.name);
  return {
    bytes: toBinary(FileDescriptorSetSchema, set),
    files: names.filter((name) => name.startsWith("foedus/")),
  };
}

function strip(file: FileDescriptorProto): void {
  // The indices of public and weak imports count from the dependencies' beginning: we have none.
  file.dependency = file.dependency.filter((name) => name !== rulesFile);
  for (const message of file.messageType) stripMessage(message);
}

function stripMessage(message: DescriptorProto): void {
  forget(message.options);
  for (const field of message.field) forget(field.options);
  for (const oneof of message.oneofDecl) forget(oneof.options);
  for (const nested of message.nestedType) stripMessage(nested);
}

function forget(options: { $unknown?: UnknownField[] } | undefined): void {
  if (options?.$unknown === undefined) return;
  options.$unknown = options.$unknown.filter(({ no }) => no !== rulesNumber);
}
