import type { DescService } from "@bufbuild/protobuf";
import type { Client, Interceptor, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { instantOf } from "@foedus/kernel/time.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "@foedus/sdk/error.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { HubSession } from "./session.ts";

/** The hub, spoken to as the person of a session. */
export interface HubClient {
  readonly address: string;
  /** The hub's service of that kind; what a call throws has a FoedusError among its causes. */
  as<Service extends DescService>(service: Service): Client<Service>;
  /** For calls with one answer. */
  readonly call: { readonly signal: AbortSignal; readonly timeoutMs: number };
  /** What time it is on the hub, to the second; this machine's own time before the first answer. */
  nowMs(): number;
}

/** What a hub client is made with. */
export interface HubClientKit {
  readonly world: World;
  readonly signal: AbortSignal;
  /** Read before each call: a hub that starts again makes a new session, perhaps elsewhere. */
  readonly session: () => HubSession;
}

const callMs = 15_000;
const responseBytesMax = 16 * 1024 * 1024;

/** The header tells whole seconds: below this, clocks may well agree. */
const skewNoticedMs = 2_000;

/** Reasons that mean: the secret we showed stands for nobody. */
const strangers = new Set([Reason.NOT_AUTHENTICATED, Reason.SESSION_ENDED]);

/** A hub that starts answers before it has written its new session down. */
const startingMs = 500;

/** Connects with the first call. */
export function openHub(kit: HubClientKit): HubClient {
  const { clock } = kit.world;
  let aheadMs = 0;
  const learn = (header: Headers) => {
    const told = instantOf(header.get("date") ?? "");
    if (!Number.isNaN(told)) aheadMs = told - clock.now();
  };
  const transport = followSession(kit, learn);
  return {
    address: kit.session().web,
    as: (service) => createClient(service, transport),
    call: { signal: kit.signal, timeoutMs: callMs },
    nowMs: () => clock.now() + (Math.abs(aheadMs) > skewNoticedMs ? aheadMs : 0),
  };
}

function followSession(kit: HubClientKit, learn: (header: Headers) => void): Transport {
  let known: HubSession | undefined;
  let transport: Transport | undefined;
  const current = () => {
    const session = kit.session();
    if (transport !== undefined && isSame(known, session)) return transport;
    known = session;
    const interceptors = [told(kit, session, learn)];
    const options = { baseUrl: session.web, readMaxBytes: responseBytesMax, interceptors };
    return (transport = createConnectTransport({ ...options, httpVersion: "1.1" }));
  };
  return {
    unary: async (...call) => await current().unary(...call),
    stream: async (...call) => await current().stream(...call),
  };
}

function isSame(one: HubSession | undefined, other: HubSession): boolean {
  return one?.web === other.web && one.secret === other.secret;
}

/** Shows the session, and words whatever goes wrong. */
function told(
  kit: HubClientKit,
  session: HubSession,
  learn: (header: Headers) => void,
): Interceptor {
  return (next) => async (request) => {
    request.header.set("authorization", `Bearer ${session.secret}`);
    try {
      const response = await next(request);
      learn(response.header);
      if (!response.stream) return response;
      return { ...response, message: wordFailures(kit, session, response.message) };
    } catch (error) {
      throw await worded(kit, session, error);
    }
  };
}

async function* wordFailures<T>(
  kit: HubClientKit,
  session: HubSession,
  items: AsyncIterable<T>,
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    throw await worded(kit, session, error);
  }
}

async function worded(
  { world, signal, session: read }: HubClientKit,
  session: HubSession,
  thrown: unknown,
): Promise<FoedusError> {
  const error = errorOf(thrown, session.web);
  if (!strangers.has(error.reason)) return error;
  await world.timers.sleep(startingMs, signal);
  const facts = { address: session.web, place: session.place };
  if (isSame(read(), session))
    return new FoedusError(Reason.SESSION_UNKNOWN, facts, { cause: thrown });
  const detail = "it started again meanwhile";
  return new FoedusError(Reason.HUB_UNREACHABLE, { ...facts, detail }, { cause: thrown });
}
