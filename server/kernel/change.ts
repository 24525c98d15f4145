import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create, getOption, hasOption, type MessageInitShape } from "@bufbuild/protobuf";
import { family } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** Something that became so. It is appended to the outbox in the transaction that made it so. */
export interface Fact {
  readonly schema: DescMessage;
  readonly message: Message;
  /** The id of what it is about. */
  readonly subject: string;
}

/** What a rule decides: how the thing is now, and what that tells. */
export interface Change<T> {
  readonly next: T;
  readonly facts: readonly Fact[];
}

/** A fact of a family; its message carries the `family` option. */
export function fact<Schema extends DescMessage>(
  schema: Schema,
  subject: string,
  message: MessageInitShape<Schema>,
): Fact {
  if (!hasOption(schema, family)) throw new Error(`${schema.typeName} has no family option`);
  return { schema, subject, message: create(schema, message) as Message };
}

/** The type of a fact, e.g. "node.registered". */
export function factType(schema: DescMessage): string {
  return getOption(schema, family).type;
}
