import type { JsonObject } from "@bufbuild/protobuf";

/** What a hub is when nobody says otherwise; fields that are not here are empty. */
export const configDefaults: JsonObject = {
  data: ".foedus",
  trust_domain: "foedus.local",
  tenant: "main",
  host: "127.0.0.1",
  node_port: 7443,
  join_port: 7444,
  web_port: 7080,
  log_level: "info",
  certificate_ms: 3_600_000,
  reentry_days: 30,
  heartbeat_ms: 5_000,
  lease_ms: 15_000,
  event_days: 30,
  session_hours: 720,
  control_rate: 600,
  join_rate: 60,
  publish_rate: 6_000,
  heartbeat_rate: 600,
  stream_rate: 120,
  connections_max: 20_000,
  connections_per_address_max: 5_000,
  request_bytes_max: 1_048_576,
  call_ms_max: 30_000,
  drain_ms: 10_000,
};
