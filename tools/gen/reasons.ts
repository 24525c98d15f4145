// A reason without words or with an unknown status code does not get past generation.
import { hasOption } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";

/** Throws for the first reason of the schema that is not fully explained. */
export async function checkReasons(): Promise<void> {
  const { ReasonSchema, explain } = await import("@foedus/gen/foedus/fault/v1/fault_pb.js");
  const { explanationOf } = await import("@foedus/kernel/fault.ts");
  const codes = Object.keys(Code).map((name) =>
    name.replaceAll(/(?<=[a-z])([A-Z])/g, "_$1").toUpperCase(),
  );
  for (const value of ReasonSchema.values) {
    const words = explanationOf(value.number);
    if (!hasOption(value, explain)) throw new Error(`${value.name} has no explain option`);
    const missing = [words.template, words.cause, words.fix].includes("");
    if (missing || !codes.includes(words.code)) {
      throw new Error(`${value.name}: needs a known code, a template, a cause and a fix`);
    }
  }
}
