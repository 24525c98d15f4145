import { parseArgs } from "node:util";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { configFields } from "./fields.ts";

/** What a command line says. */
export interface Flags {
  /** The config file; undefined when there is none. */
  readonly file: string | undefined;
  /** Whether the ready line is for a program. */
  readonly json: boolean;
  /** Values of config fields, by the name in the schema. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads a command line: `--config FILE`, `--output json`, and `--<field> VALUE` for each field.
 *
 * @throws Fault CONFIG_INVALID for a flag that no field has.
 */
export function readFlags(args: readonly string[]): Flags {
  const text = { type: "string" } as const;
  const options = Object.fromEntries(configFields.map((field) => [field.flag, text]));
  const given = parse(args, { ...options, config: text, output: text });
  if (given.output !== undefined && !["json", "text"].includes(given.output)) {
    throw new Fault(Reason.CONFIG_INVALID, { field: "--output", problem: "is json or text" });
  }
  const named = configFields.flatMap((field) => {
    const value = given[field.flag];
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return {
    file: given.config,
    json: given.output === "json",
    values: Object.fromEntries(named),
  };
}

function parse(
  args: readonly string[],
  options: Record<string, { type: "string" }>,
): Record<string, string | undefined> {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Fault(Reason.CONFIG_INVALID, { field: "command line", problem }, { cause: error });
  }
}
