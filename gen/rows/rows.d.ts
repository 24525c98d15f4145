// Written by `npm run gen` from migrations/. Do not edit.
import type { Generated } from "kysely";

/** The tables, as kysely sees them. */
export interface Rows {
  access_breach: {
    tenant_id: string;
    node_id: string;
    cursor: bigint;
    time_ms: bigint;
    batches: bigint;
  };
  access_rule: {
    tenant_id: string;
    id: string;
    kind: number;
    name: string;
    fingerprint: string;
    body: Buffer;
  };
  access_settings: {
    tenant_id: string;
    body: Buffer;
  };
  answer: {
    tenant_id: string;
    caller: string;
    method: string;
    request_id: string;
    request_hash: Buffer;
    object: string;
    body: Buffer | null;
    expire_ms: bigint;
  };
  audit_leaf: {
    tenant_id: string;
    id: string;
    time_ms: bigint;
    leaf_hash: Buffer;
    body: Buffer;
  };
  certificate: {
    tenant_id: string;
    node_id: string;
    serial: string;
    spki_hash: Buffer;
    issue_ms: bigint;
    expire_ms: bigint;
  };
  event_latest: {
    tenant_id: string;
    source: string;
    type: string;
    subject: string;
    stream: string;
    epoch: bigint;
    sequence: bigint;
    time_ms: bigint;
    seq: bigint;
    stored_ms: bigint;
    body: Buffer;
  };
  event_log: {
    tenant_id: string;
    seq: bigint;
    day: Date;
    stored_ms: bigint;
    kind: string;
    source: string;
    subject: string;
    body: Buffer;
  };
  event_signer: {
    tenant_id: string;
    key_id: Buffer;
    source: string;
    public_key: Buffer;
  };
  event_stream: {
    tenant_id: string;
    source: string;
    stream: string;
    epoch: bigint;
    top: bigint;
    seen: Buffer;
  };
  follower: {
    tenant_id: string;
    name: string;
    seq: bigint;
  };
  hub_fact: {
    tenant_id: string;
    name: string;
    value: string;
  };
  hub_process: {
    tenant_id: string;
    hub_id: string;
    body: Buffer;
  };
  identity: {
    tenant_id: string;
    node_id: string;
    name: string;
    revoke_ms: bigint | null;
    certificate_expire_ms: bigint;
    body: Buffer;
  };
  join_key: {
    tenant_id: string;
    fingerprint: string;
    node_id: string;
  };
  join_request: {
    tenant_id: string;
    id: string;
    fingerprint: string;
    address: string;
    state: number;
    expire_ms: bigint;
    body: Buffer;
  };
  join_token: {
    tenant_id: string;
    id: string;
    secret_hash: Buffer;
    expire_ms: bigint;
    end_ms: bigint | null;
    cancelled: Generated<boolean>;
    node_id: Generated<string>;
    redeem_hash: Buffer | null;
    body: Buffer;
  };
  learning_away: {
    tenant_id: string;
    from_ms: bigint;
    to_ms: bigint;
  };
  learning_cycle: {
    tenant_id: string;
    id: string;
    end_ms: bigint;
    median: number | null;
    robust_mean: number | null;
    body: Buffer;
  };
  learning_level: {
    tenant_id: string;
    node_id: string;
    body: Buffer;
  };
  learning_state: {
    tenant_id: string;
    evidence_seq: bigint;
    seen_seq: bigint;
    ended_ms: bigint;
    watched_ms: Generated<bigint>;
  };
  learning_tally: {
    tenant_id: string;
    minute_ms: bigint;
    node_id: string;
    lapsed_ms: number;
    paused_ms: number;
    accepted: number;
    refused: number;
    failed: number;
    state_seq: bigint;
    accepted_seq: bigint;
    refused_seq: bigint;
    failed_seq: bigint;
  };
  learning_trust: {
    tenant_id: string;
    cycle_id: string;
    node_id: string;
    score: number | null;
    told: number | null;
    latency_ms: number | null;
    reputation: number | null;
    good_ms: bigint | null;
    body: Buffer;
    told_level: number | null;
  };
  learning_witness: {
    tenant_id: string;
    node_id: string;
    body: Buffer;
  };
  lease: {
    tenant_id: string;
    kind: string;
    name: string;
    holder: string;
    fence: bigint;
    renewed_ms: bigint;
    expire_ms: bigint;
  };
  link: {
    tenant_id: string;
    node_id: string;
    node_name: string;
    body: Buffer;
    epoch: Generated<bigint>;
    sequence: Generated<bigint>;
    report_ms: bigint | null;
    report: Buffer | null;
  };
  log_head: {
    tenant_id: string;
    log: string;
    seq: bigint;
    first_seq: Generated<bigint>;
  };
  node: {
    tenant_id: string;
    id: string;
    name: string;
    state: number;
    body: Buffer;
    map_slot: number | null;
    project: Generated<string>;
  };
  node_map: {
    tenant_id: string;
    free_from: number;
  };
  node_pulse: {
    tenant_id: string;
    node_id: string;
    epoch: bigint;
    sequence: bigint;
    seen_ms: bigint;
    skew_ms: bigint | null;
    round_trip_us: bigint | null;
    body: Buffer;
  };
  outbox_log: {
    tenant_id: string;
    seq: bigint;
    day: Date;
    stored_ms: bigint;
    kind: string;
    source: string;
    subject: string;
    body: Buffer;
  };
  peer: {
    tenant_id: string;
    trust_domain: string;
    told_cursor: bigint | null;
    tell_error: Generated<string>;
    taken_events: Generated<bigint>;
    body: Buffer;
  };
  person: {
    tenant_id: string;
    id: string;
    body: Buffer;
  };
  person_session: {
    tenant_id: string;
    id: string;
    person_id: string;
    secret_hash: Buffer;
    local: Generated<boolean>;
    create_ms: bigint;
    touch_ms: bigint;
    expire_ms: bigint;
    visitor: Generated<string>;
    visitor_role: Generated<number>;
    hub_id: Generated<string>;
  };
  person_view: {
    tenant_id: string;
    id: string;
    person_id: string;
    name: string;
    shared: boolean;
    body: Buffer;
  };
  revision: {
    tenant_id: string;
    name: string;
    number: bigint;
  };
  sign_in_link: {
    tenant_id: string;
    id: string;
    person_id: string;
    code_hash: Buffer;
    expire_ms: bigint;
    end_ms: bigint | null;
  };
  sync_cell: {
    tenant_id: string;
    stream_id: number;
    name: Buffer;
    siblings: number;
    body: Buffer;
  };
  sync_collection: {
    tenant_id: string;
    name: string;
    body: Buffer;
  };
  sync_grant: {
    tenant_id: string;
    node_id: string;
    zones: string[];
    relays: boolean;
    change_ms: bigint;
  };
  sync_incarnation: {
    tenant_id: string;
    name: string;
    identity: string;
    begin_ms: bigint;
  };
  sync_lease: {
    tenant_id: string;
    stream_id: number;
    peer: string;
    seq: bigint;
    until_ms: bigint | null;
    renewed_ms: bigint;
  };
  sync_log: {
    tenant_id: string;
    stream_id: number;
    seq: bigint;
    first_seq: bigint;
    day: Date;
    stored_ms: bigint;
    hub: string;
    ctr: bigint;
    body: Buffer;
  };
  sync_mark: {
    tenant_id: string;
    stream_id: number;
    replica: string;
    ctr: bigint;
    written_seq: bigint;
    needed_ms: bigint;
    refused: Buffer | null;
  };
  sync_parent: {
    tenant_id: string;
    name: string;
    zones: string[];
    seen_ms: bigint;
  };
  sync_peer: {
    tenant_id: string;
    node_id: string;
    address: string;
    renewed_ms: bigint;
    expire_ms: bigint;
  };
  sync_stream: {
    tenant_id: string;
    collection: string;
    partition: string;
    zone: string;
    lane: number;
    stream_id: number;
    hub: string;
    epoch: string;
    head: Generated<bigint>;
    horizon: Generated<bigint>;
    vector: Generated<Buffer>;
    horizon_vector: Generated<Buffer>;
    cells: Generated<bigint>;
    digest: Generated<bigint>;
    conflicts: Generated<bigint>;
    rebuilt: Generated<number>;
    written_ms: bigint;
  };
  sync_writer: {
    tenant_id: string;
    replica: string;
    owner_id: string;
    bind_ms: bigint;
  };
  task: {
    turn: number;
    create_ms: bigint;
    attempt_ms: bigint;
    heartbeat_ms: bigint;
    spent: bigint;
    revision: number;
    fence: number;
    attempts: number;
    blockers: number;
    state: number;
    priority: number;
    first_state: number;
    told: number;
    followed: boolean;
    line: string;
    ready_ms: bigint | null;
    until_ms: bigint | null;
    due_ms: bigint | null;
    wake_ms: bigint | null;
    claim_ms: bigint | null;
    lease_ms: bigint | null;
    hold_end_ms: bigint | null;
    budget_limit: bigint | null;
    hold_fence: number | null;
    claim_id: string | null;
    tenant_id: string;
    id: string;
    queue: string;
    kind: string;
    fairness_key: string;
    submitter: string;
    node_id: string | null;
    worker: string | null;
    unique_key: string | null;
    parent_id: string | null;
    schedule_id: string | null;
    labels: string[];
    body: Buffer;
    progress: Buffer | null;
    hold_failure: Buffer | null;
    cancellation: Buffer | null;
    returns: Generated<number>;
  };
  task_claim: {
    tenant_id: string;
    claim_id: string;
    wake_ms: bigint;
    ids: string[];
  };
  task_count: {
    tenant_id: string;
    queue: string;
    slot: number;
    turn: Generated<number>;
    ready: Generated<bigint>;
    scheduled: Generated<bigint>;
    blocked: Generated<bigint>;
    working: Generated<bigint>;
    submitted: Generated<bigint>;
    completed: Generated<bigint>;
  };
  task_crew: {
    tenant_id: string;
    hub_id: string;
    queue: string;
    node_id: string;
    name: string;
    since_ms: bigint;
    room: number;
    body: Buffer;
  };
  task_done_log: {
    turn: number;
    create_ms: bigint;
    attempt_ms: bigint;
    heartbeat_ms: bigint;
    spent: bigint;
    revision: number;
    fence: number;
    attempts: number;
    blockers: number;
    state: number;
    priority: number;
    first_state: number;
    told: number;
    followed: boolean;
    line: string;
    ready_ms: bigint | null;
    until_ms: bigint | null;
    due_ms: bigint | null;
    wake_ms: bigint | null;
    claim_ms: bigint | null;
    lease_ms: bigint | null;
    hold_end_ms: bigint | null;
    budget_limit: bigint | null;
    hold_fence: number | null;
    claim_id: string | null;
    tenant_id: string;
    id: string;
    queue: string;
    kind: string;
    fairness_key: string;
    submitter: string;
    node_id: string | null;
    worker: string | null;
    unique_key: string | null;
    parent_id: string | null;
    schedule_id: string | null;
    labels: string[];
    body: Buffer;
    progress: Buffer | null;
    hold_failure: Buffer | null;
    cancellation: Buffer | null;
    day: Date;
    end_ms: bigint;
    failure: Buffer | null;
    result: Buffer | null;
    returns: Generated<number>;
  };
  task_idle: {
    tenant_id: string;
    queue: string;
    submitted: bigint;
    since_ms: bigint;
  };
  task_lane: {
    tenant_id: string;
    queue: string;
    fairness_key: string;
    priority: number;
    turn: number;
    moved: number;
  };
  task_line: {
    tenant_id: string;
    id: string;
    queue: string;
    kind: string;
    needs: Buffer | null;
    used_ms: bigint;
  };
  task_queue: {
    tenant_id: string;
    name: string;
    paused: boolean;
    per_minute: number;
    due_ms: Generated<number>;
    body: Buffer;
    parent: Generated<number>;
  };
  task_relay_down: {
    tenant_id: string;
    upper_id: string;
    fence: bigint;
    hub_id: string;
    id: string;
    queue: string;
    heartbeat_ms: bigint;
  };
  task_relay_up: {
    tenant_id: string;
    id: string;
    fence: bigint;
    hub_id: string;
    queue: string;
    heartbeat_ms: bigint;
    upper_id: string | null;
    lost: Generated<boolean>;
    body: Buffer | null;
  };
  task_schedule: {
    tenant_id: string;
    name: string;
    next_ms: bigint | null;
    body: Buffer;
  };
  task_step_log: {
    tenant_id: string;
    task_id: string;
    number: bigint;
    day: Date;
    body: Buffer;
  };
  task_tally: {
    tenant_id: string;
    queue: string;
    kind: string;
    state: number;
    node_id: string;
    reason: string;
    slot: number;
    count: bigint;
    task_id: string;
  };
  task_wait: {
    tenant_id: string;
    on_id: string;
    id: string;
  };
  tenant: {
    tenant_id: string;
    name: string;
    state: number;
    body: Buffer;
  };
}
