import type { DescField } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { sensitive } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { configComments } from "./comments.ts";

/** One field of the config and how it is named outside. */
export interface ConfigField {
  readonly desc: DescField;
  /** As in the schema and the file: "web_port". */
  readonly name: string;
  /** Without the dashes: "web-port". */
  readonly flag: string;
  readonly variable: string;
  readonly comment: string;
  /** Whether it changes on SIGHUP. */
  readonly reloads: boolean;
  readonly secret: boolean;
}

/** The one variable that has its name from elsewhere. */
const borrowedNames: Readonly<Record<string, string>> = { database_url: "DATABASE_URL" };

/** Every field, in the order of the schema. */
export const configFields: readonly ConfigField[] = HubConfigSchema.fields.map((desc) => {
  const comment = configComments[desc.name] ?? "";
  return {
    desc,
    name: desc.name,
    flag: desc.name.replaceAll("_", "-"),
    variable: borrowedNames[desc.name] ?? `FOEDUS_${desc.name.toUpperCase()}`,
    comment,
    reloads: comment.includes("(reload)"),
    secret: getOption(desc, sensitive),
  };
});
