// Prints a .proto file from its descriptor, for schemas that npm carries only as generated code.
import type { DescEnum, DescExtension, DescField, DescFile, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label } from "@bufbuild/protobuf/wkt";

/** The text of a proto2 file; comments and its own options are not in a descriptor's meaning. */
export function printProto(file: DescFile): string {
  const lines = [
    'syntax = "proto2";',
    `package ${file.proto.package};`,
    ...file.dependencies.map((dependency) => `import "${dependency.name}.proto";`),
    ...file.enums.flatMap(printEnum),
    ...file.messages.flatMap(printMessage),
    ...file.extensions.flatMap(printExtension),
  ];
  return lines.join("\n") + "\n";
}

function printMessage(message: DescMessage): string[] {
  const oneofs = message.oneofs.flatMap((oneof) => [
    `oneof ${oneof.name} {`,
    ...oneof.fields.map((field) => `${typeName(field)} ${field.name} = ${field.number};`),
    "}",
  ]);
  return [
    `message ${message.name} {`,
    ...message.nestedEnums.flatMap(printEnum),
    ...message.nestedMessages.flatMap(printMessage),
    ...message.fields.filter((field) => field.oneof === undefined).map(printField),
    ...oneofs,
    ...message.proto.extensionRange.map(
      (range) => `extensions ${range.start} to ${rangeEnd(range.end)};`,
    ),
    "}",
  ];
}

function rangeEnd(end: number): string {
  return end >= 536_870_912 ? "max" : String(end - 1);
}

function printEnum(desc: DescEnum): string[] {
  const values = desc.values.map((value) => `${value.name} = ${value.number};`);
  const alias = new Set(desc.values.map((value) => value.number)).size < desc.values.length;
  return [`enum ${desc.name} {`, ...(alias ? ["option allow_alias = true;"] : []), ...values, "}"];
}

function printField(field: DescField): string {
  if (field.fieldKind === "map") {
    return `map<${scalarName(field.mapKey)}, ${mapValue(field)}> ${field.name} = ${field.number};`;
  }
  return `${label(field)} ${typeName(field)} ${field.name} = ${field.number};`;
}

function printExtension(extension: DescExtension): string[] {
  return [
    `extend .${extension.extendee.typeName} {`,
    printField(extension as unknown as DescField),
    "}",
  ];
}

function mapValue(field: DescField & { fieldKind: "map" }): string {
  if (field.mapKind === "scalar") return scalarName(field.scalar);
  return `.${(field.mapKind === "enum" ? field.enum : field.message).typeName}`;
}

function label(field: DescField): string {
  const value = field.proto.label;
  if (value === FieldDescriptorProto_Label.REPEATED) return "repeated";
  return value === FieldDescriptorProto_Label.REQUIRED ? "required" : "optional";
}

function typeName(field: DescField): string {
  if (field.message) return `.${field.message.typeName}`;
  if (field.enum) return `.${field.enum.typeName}`;
  if (field.fieldKind === "map") throw new Error("a map stands in no oneof");
  return scalarName(field.scalar);
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}
