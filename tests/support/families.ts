// Every family of events, and every field of theirs that must stay at home.
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, getOption, ScalarType, toBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { files } from "@foedus/gen/foedus/files.js";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { familiesOf, type FamilyOf } from "../../server/capabilities/event/family.ts";

/** All of them. */
export const families = familiesOf(files);

/** Where a field stands in a family. */
export interface FieldPlace {
  readonly family: FamilyOf;
  /** From the payload down to the field. */
  readonly path: readonly DescField[];
  readonly name: string;
}

/** Every sensitive field of every family that a node may tell. */
export function sensitivePlaces(): FieldPlace[] {
  return [...families.values()]
    .filter((family) => !family.hubOnly)
    .flatMap((family) => placesIn(family, (field) => getOption(field, sensitive)));
}

/** Every field of text of every family, of nodes and of the hub. */
export function textPlaces(): FieldPlace[] {
  const isText = (field: DescField) => field.scalar === ScalarType.STRING;
  return [...families.values()].flatMap((family) => placesIn(family, isText));
}

function placesIn(family: FamilyOf, wanted: (field: DescField) => boolean): FieldPlace[] {
  return pathsIn(family.schema, [], wanted).map((path) => {
    return { family, path, name: path.map((field) => field.name).join(".") };
  });
}

function pathsIn(
  schema: DescMessage,
  above: readonly DescField[],
  wanted: (field: DescField) => boolean,
): DescField[][] {
  if (above.slice(0, -1).some((field) => field.message === schema)) return [];
  return schema.fields.flatMap((field) => {
    const path = [...above, field];
    if (wanted(field)) return [path];
    return field.message === undefined ? [] : pathsIn(field.message, path, wanted);
  });
}

/** A payload in which only that field is set, to a text to look for. */
export function payloadWith({ family, path }: FieldPlace, canary: string): Uint8Array {
  return toBinary(family.schema, planted(family.schema, path, canary));
}

function planted(schema: DescMessage, [field, ...rest]: readonly DescField[], canary: string) {
  const message = create(schema);
  const inner = reflect(schema, message);
  if (field === undefined) throw new Error("a path has a field");
  const value =
    field.message === undefined
      ? canary
      : reflect(field.message, planted(field.message, rest, canary));
  if (field.fieldKind === "list") inner.get(field).add(value);
  else if (field.fieldKind === "message" && typeof value !== "string") inner.set(field, value);
  else if (field.fieldKind === "scalar" && typeof value === "string") inner.set(field, value);
  else throw new Error(`no canary fits ${field.name}`);
  return message as Message;
}
