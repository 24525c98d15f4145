import { InvalidArgumentError } from "commander";

/** What two hubs tell each other unless somebody says otherwise: how their networks are. */
export const typesDefault = ["insight_report", "trust_aggregate"];

/** Reads "trust_aggregate,insight_report", or "none", for commander. */
export function readTypes(text: string): readonly string[] {
  if (text === "none") return [];
  const types = text.split(",").map((one) => one.trim());
  if (types.every((one) => /^[a-z][a-z0-9_]*([.][a-z0-9_]+)*$/.test(one))) return types;
  throw new InvalidArgumentError("Families stand with commas between, e.g. trust_aggregate.");
}
