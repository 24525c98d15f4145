import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";

/** The first rule of the schema that a message breaks. */
export interface BrokenRule {
  /** Where, e.g. "profile.name". */
  readonly field: string;
  readonly problem: string;
}

/** Stops at the first: a message of a hundred thousand bad items costs no more than one. */
const validator = createValidator({ failFast: true });

/** The first rule that the message breaks; undefined when it is valid. */
export function violationOf<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): BrokenRule | undefined {
  const result = validator.validate(schema, message);
  if (result.kind === "valid") return undefined;
  if (result.kind === "error") throw result.error;
  const [first] = result.violations;
  return { field: pathToString(first?.field ?? []), problem: first?.message ?? "is not valid" };
}

/** Compiles the rules of a message, which takes long the first time. */
export function warmUp(schema: DescMessage): void {
  validator.validate(schema, create(schema));
}
