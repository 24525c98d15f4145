// Made by tools/gen/config.ts from proto/foedus/config/v1/config.proto.

/** What each field of the config is. */
export const configComments: Readonly<Record<string, string>> = {
  data: "The folder for keys, the bundled database and the CLI's session.",
  trust_domain:
    "The trust domain: what every identity of this hub begins with. Fixed at first start.",
  tenant: "The tenant that nodes join.",
  database_url:
    "A PostgreSQL server of your own; empty for the bundled one. DATABASE_URL in the environment.",
  host: "The address all listeners bind.",
  public_host: "The name nodes and joiners are told to connect to; empty means host.",
  node_port: "The port of the node listener; 0 chooses a free one.",
  join_port: "The port of the join listener; 0 chooses a free one.",
  web_port: "The port of the web listener; 0 chooses a free one.",
  web_hosts: "Further host names the page may be opened by.",
  log_level: "error, warn, info or debug (reload).",
  certificate_ms: "How long a node's certificate is valid, in milliseconds (reload).",
  reentry_days: "How long a lapsed, unrevoked node may come back, in days (reload).",
  heartbeat_ms: "How often nodes send a heartbeat, in milliseconds (reload).",
  lease_ms: "How long a node counts as online without one, in milliseconds (reload).",
  event_days: "How long events are kept, in days (reload).",
  session_hours: "How long a sign-in lasts without use, in hours (reload).",
  control_rate: 'Calls a minute and caller of rate class "control" (reload).',
  join_rate: 'Calls a minute and caller of rate class "join" (reload).',
  publish_rate: 'Calls a minute and caller of rate class "publish" (reload).',
  heartbeat_rate: 'Calls a minute and caller of rate class "heartbeat" (reload).',
  stream_rate: "Streams opened a minute and caller (reload).",
  connections_max: "Connections a listener holds at most.",
  connections_per_address_max: "Connections from one address at most.",
  request_bytes_max: "The largest request in bytes on the node and web listeners.",
  call_ms_max: "How long a unary call may take at most, in milliseconds.",
  drain_ms: "How long a stopping hub waits for its streams, in milliseconds.",
  web_certificate_file:
    "PEM certificate chain of the web listener; empty for plain HTTP on loopback.",
  web_key_file: "PEM key of the web listener.",
  web_root: "The folder of the built page; empty for the one that comes with the hub.",
  parent: "The invitation of the hub that this one is a node of; empty without a parent.",
  parent_token_file:
    "The file with the join token for the parent; empty where an invitation suffices.",
  parent_name: "The name to take at the parent; empty for the trust domain's.",
  zones:
    "The residency zones this hub stands in: it holds streams of these zones, and of no others.",
  lean: "Whether HTTP/2 calls take the lean door; false sends them all through Connect's adapter.",
};
