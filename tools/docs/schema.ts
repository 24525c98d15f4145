// Our schema with its comments, which generated code leaves behind.
import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import type { DescEnum, DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { DescEnumValue, DescMethod, DescService } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** Anything that has a comment in a .proto file. */
export type Documented =
  | DescEnum
  | DescEnumValue
  | DescField
  | DescMessage
  | DescMethod
  | DescService;

const ours = "foedus/";

/** The files of our own schema, by name. */
export function readSchema(root: string): DescFile[] {
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  const env = { ...process.env, PATH: path };
  const bytes = execFileSync("buf", ["build", "--output", "-"], { cwd: root, env });
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
  return [...registry.files]
    .filter((file) => file.name.startsWith(ours))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** All messages of the files, nested ones after the one they stand in. */
export function messagesOf(files: readonly DescFile[]): DescMessage[] {
  const withNested = (message: DescMessage): DescMessage[] => [
    message,
    ...message.nestedMessages.flatMap(withNested),
  ];
  return files.flatMap((file) => file.messages.flatMap(withNested));
}

/** All enums of the files, nested ones as well. */
export function enumsOf(files: readonly DescFile[]): DescEnum[] {
  const nested = messagesOf(files).flatMap((message) => message.nestedEnums);
  return [...files.flatMap((file) => file.enums), ...nested];
}

/** The comment before a thing, on one line. */
export function commentOf(desc: Documented): string {
  const path = pathOf(desc).join();
  const known = comments.get(fileOf(desc)) ?? commentsIn(fileOf(desc));
  comments.set(fileOf(desc), known);
  return known.get(path) ?? "";
}

const comments = new WeakMap<DescFile, ReadonlyMap<string, string>>();

function commentsIn(file: DescFile): Map<string, string> {
  const locations = file.proto.sourceCodeInfo?.location ?? [];
  return new Map(
    locations.map(({ path, leadingComments }) => [
      path.join(),
      leadingComments.trim().replaceAll(/\s*\n\s*/g, " "),
    ]),
  );
}

function fileOf(desc: Documented): DescFile {
  if (desc.kind === "field" || desc.kind === "enum_value" || desc.kind === "rpc") {
    return desc.parent.file;
  }
  return desc.file;
}

/** Where a thing stands in its file: numbers of fields of descriptor.proto, and places in lists. */
function pathOf(desc: Documented): number[] {
  switch (desc.kind) {
    case "message": {
      const { parent, file, proto } = desc;
      if (parent === undefined) return [4, file.proto.messageType.indexOf(proto)];
      return [...pathOf(parent), 3, parent.proto.nestedType.indexOf(proto)];
    }
    case "field":
      return [...pathOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)];
    case "enum": {
      const { parent, file, proto } = desc;
      if (parent === undefined) return [5, file.proto.enumType.indexOf(proto)];
      return [...pathOf(parent), 4, parent.proto.enumType.indexOf(proto)];
    }
    case "enum_value":
      return [...pathOf(desc.parent), 2, desc.parent.proto.value.indexOf(desc.proto)];
    case "service":
      return [6, desc.file.proto.service.indexOf(desc.proto)];
    case "rpc":
      return [...pathOf(desc.parent), 2, desc.parent.proto.method.indexOf(desc.proto)];
  }
}
