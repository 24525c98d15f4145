import { readFileSync } from "node:fs";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { configDefaults } from "./defaults.ts";
import { type ConfigField, configFields } from "./fields.ts";

/** Where values may come from. */
export interface ConfigSources {
  /** Flags by the field's name in the schema; they win. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A JSON file with names as in the schema. */
  readonly file?: string | undefined;
}

/** A value as JSON, and who said so. */
export interface Sourced {
  readonly value: JsonValue | undefined;
  readonly source: string;
}

/**
 * Reads every field: flag over environment over file over default.
 *
 * @throws Fault CONFIG_INVALID when the file cannot be read or holds an unknown field.
 */
export function readSources(sources: ConfigSources): Map<string, Sourced> {
  const file = sources.file === undefined ? {} : readFile(sources.file);
  return new Map(configFields.map((field) => [field.name, pick(field, sources, file)]));
}

function pick(field: ConfigField, sources: ConfigSources, file: JsonObject): Sourced {
  const flag = sources.flags?.[field.name];
  if (flag !== undefined) return { value: asJson(field, flag), source: `flag --${field.flag}` };
  const variable = sources.environment?.[field.variable];
  if (variable !== undefined) {
    return { value: asJson(field, variable), source: `environment ${field.variable}` };
  }
  if (field.name in file) return { value: file[field.name], source: `file ${sources.file}` };
  return { value: configDefaults[field.name], source: "default" };
}

/** Protobuf's JSON takes numbers as text too, so only lists and switches need a hand. */
function asJson({ desc }: ConfigField, text: string): JsonValue {
  if (desc.fieldKind === "scalar" && desc.scalar === ScalarType.BOOL) return switches[text] ?? text;
  if (desc.fieldKind !== "list") return text;
  return text.split(",").map((part) => part.trim());
}

const switches: Readonly<Record<string, boolean>> = { true: true, false: false };

function readFile(path: string): JsonObject {
  const refuse = (problem: string, cause?: unknown) =>
    new Fault(Reason.CONFIG_INVALID, { field: `file ${path}`, problem }, { cause });
  let json: JsonValue;
  try {
    json = JSON.parse(readFileSync(path, "utf8")) as JsonValue;
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw refuse("is not a JSON object");
  }
  const unknown = Object.keys(json).find((name) => !configFields.some((f) => f.name === name));
  if (unknown !== undefined) throw refuse(`there is no field "${unknown}"`);
  return json;
}
