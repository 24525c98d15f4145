import type { HubConfig } from "@foedus/gen/foedus/config/v1/config_pb.js";
import type { ConfigEntry } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { readFlags } from "./runtime/config/flags.ts";
import { loadSettings } from "./runtime/config/settings.ts";

/** What a hub is configured to be that is not running. */
export interface PlannedConfig {
  readonly config: HubConfig;
  /** Every field with its value as text and its source. */
  readonly entries: readonly ConfigEntry[];
}

/**
 * The config of a hub that would be started with these flags in this environment.
 *
 * @throws Fault CONFIG_INVALID
 */
export function planConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): PlannedConfig {
  const flags = readFlags(args);
  const settings = loadSettings({ flags: flags.values, environment, file: flags.file });
  return { config: settings.current(), entries: settings.entries() };
}
