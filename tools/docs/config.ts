import { configDefaults } from "../../server/runtime/config/defaults.ts";
import { configFields, type ConfigField } from "../../server/runtime/config/fields.ts";
import { rulesText } from "./fields.ts";
import { code, jsonText, page, plain, table, type Page } from "./markdown.ts";

/** Every field of the config. */
export function configPage(): Page {
  const summary = "every field of the hub's config: default, flag, environment, whether it reloads";
  return page("config.md", "Config", summary, [
    `A flag of \`foedus hub serve\` wins over the environment, that over the file (\`--config FILE\`, a JSON
object with the fields' names), that over the default. Unknown fields are refused. \`foedus hub config\`
prints each value and who set it. A field that reloads is read again on SIGHUP; a bad file is refused then,
and the old values stay. Lists are given with commas.`,
    table(
      ["field", "default", "flag", "environment", "reloads", "rules", "meaning"],
      configFields.map(row),
    ),
    `Besides these, \`lease_ms\` must be longer than \`heartbeat_ms\`, and \`web_certificate_file\` and
\`web_key_file\` come together.`,
  ]);
}

function row(field: ConfigField): string[] {
  const given = configDefaults[field.name];
  return [
    code(field.name),
    given === undefined ? "empty" : code(jsonText(given)),
    code(`--${field.flag}`),
    code(field.variable),
    field.reloads ? "yes" : "",
    rulesText(field.desc),
    plain(field.comment.replace(" (reload)", "")),
  ];
}
