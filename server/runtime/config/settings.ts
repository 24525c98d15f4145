import type { JsonObject } from "@bufbuild/protobuf";
import { create, fromJson } from "@bufbuild/protobuf";
import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { ConfigEntry } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { ConfigEntrySchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { violationOf } from "../violation.ts";
import { configFields } from "./fields.ts";
import type { ConfigSources, Sourced } from "./sources.ts";
import { readSources } from "./sources.ts";

/** The config of a running hub. */
export interface Settings {
  /** As it is now. */
  current(): HubConfig;
  /** Every field with its value as text and its source, in the order of the schema. */
  entries(): ConfigEntry[];
  /**
   * Reads all sources again and takes over the fields that may change while the hub runs. Returns
   * the names of changed fields that wait for a restart.
   *
   * @throws Fault CONFIG_INVALID; then everything stays as it was.
   */
  reload(): string[];
  /** Why the sources as they are now would be refused; undefined when they would not. */
  problem(): string | undefined;
}

/**
 * Reads the config from its sources.
 *
 * @throws Fault CONFIG_INVALID naming the field.
 */
export function loadSettings(sources: ConfigSources): Settings {
  let now = load(sources);
  return {
    current: () => now.config,
    entries: () => entriesOf(now),
    reload() {
      const read = load(sources);
      const stale = configFields.filter(({ name, reloads }) => {
        return !reloads && textOf(name, now.config) !== textOf(name, read.config);
      });
      now = merge(now, read);
      return stale.map((field) => field.name);
    },
    problem: () => problemOf(sources),
  };
}

function problemOf(sources: ConfigSources): string | undefined {
  try {
    load(sources);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

interface Loaded {
  readonly config: HubConfig;
  readonly sourced: ReadonlyMap<string, Sourced>;
}

function load(sources: ConfigSources): Loaded {
  const sourced = readSources(sources);
  for (const [name, { value, source }] of sourced) parse({ [name]: value ?? null }, name, source);
  return loaded(sourced);
}

function loaded(sourced: Loaded["sourced"]): Loaded {
  const values = [...sourced].map(([name, { value }]) => [name, value ?? null]);
  const config = parse(Object.fromEntries(values) as JsonObject, "config", "all sources");
  check(config, sourced);
  return { config, sourced };
}

function parse(json: JsonObject, field: string, source: string): HubConfig {
  try {
    return fromJson(HubConfigSchema, json);
  } catch (error) {
    const problem = `${error instanceof Error ? error.message : String(error)} (${source})`;
    throw new Fault(Reason.CONFIG_INVALID, { field, problem }, { cause: error });
  }
}

function check(config: HubConfig, sourced: Loaded["sourced"]): void {
  const violation = violationOf(HubConfigSchema, config);
  if (violation !== undefined) throw refuse(sourced, violation.field, violation.problem);
  if (config.leaseMs <= config.heartbeatMs) {
    throw refuse(sourced, "lease_ms", "must be longer than heartbeat_ms");
  }
  if ((config.webCertificateFile === "") !== (config.webKeyFile === "")) {
    throw refuse(sourced, "web_certificate_file", "needs web_key_file, and the other way round");
  }
}

function refuse(sourced: Loaded["sourced"], field: string, problem: string): Fault {
  const source = sourced.get(field)?.source ?? "all sources";
  return new Fault(Reason.CONFIG_INVALID, { field, problem: `${problem} (${source})` });
}

function entriesOf({ config, sourced }: Loaded): ConfigEntry[] {
  return configFields.map(({ name, secret, comment }) => {
    const text = textOf(name, config);
    const value = secret && text !== "" ? "(secret)" : text;
    const source = sourced.get(name)?.source ?? "default";
    return create(ConfigEntrySchema, { field: name, value, source, comment });
  });
}

function textOf(name: string, config: HubConfig): string {
  const field = configFields.find((one) => one.name === name);
  const value: unknown = field && Reflect.get(config, field.desc.localName);
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** The new values of the fields that reload, and the old ones of all others. */
function merge(now: Loaded, read: Loaded): Loaded {
  const sourced = new Map(now.sourced);
  for (const { name, reloads } of configFields) {
    const fresh = read.sourced.get(name);
    if (reloads && fresh !== undefined) sourced.set(name, fresh);
  }
  return loaded(sourced);
}
