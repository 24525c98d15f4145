import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { getOption, hasOption } from "@bufbuild/protobuf";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { readRules } from "./rule.ts";

/** What travels under a type. */
export interface FamilyOf {
  readonly type: string;
  readonly schema: DescMessage;
  readonly leavesHub: boolean;
  readonly hubOnly: boolean;
}

/** Families by type. */
export type Families = ReadonlyMap<string, FamilyOf>;

/** Every message of the files that has the family option. */
export function familiesOf(files: readonly DescFile[]): Families {
  const messages = files.flatMap((file) => file.messages.flatMap(withNested));
  const families = messages.filter((schema) => hasOption(schema, family)).map(familyOf);
  const found = new Map(families.map((one) => [one.type, one]));
  if (found.size !== families.length) throw new Error("two messages are of one event family");
  return found;
}

function familyOf(schema: DescMessage): FamilyOf {
  const { type, leavesHub, hubOnly } = getOption(schema, family);
  if (type === "") throw new Error(`the family option of ${schema.typeName} names no type`);
  // What nodes tell is read strictly; better now than when the first one tells it.
  if (!hubOnly) readRules(schema);
  return { type, schema, leavesHub, hubOnly };
}

function withNested(schema: DescMessage): DescMessage[] {
  return [schema, ...schema.nestedMessages.flatMap(withNested)];
}

/** Whether a type is a family that somebody names; a trailing ".*" names all below. */
export function isFamily(type: string, named: string): boolean {
  return named.endsWith(".*") ? type.startsWith(named.slice(0, -1)) : type === named;
}
