import { once } from "node:events";
import { createServer } from "node:net";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { holderOf } from "./runtime/listen/holder.ts";

export { inspectDatabase, type DatabaseView } from "./runtime/storage/inspect.ts";

/**
 * Whether a hub could listen on a port.
 *
 * @throws Fault PORT_IN_USE with who listens there.
 */
export async function inspectPort(listener: string, host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (cause) {
    const taken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    if (!taken) throw cause;
    throw new Fault(Reason.PORT_IN_USE, { port, listener, holder: holderOf(port) }, { cause });
  } finally {
    server.close();
  }
}

/** A port above this one that nobody listens on, and nobody is about to. */
export async function freePortAbove(
  host: string,
  port: number,
  except: readonly number[],
): Promise<number> {
  for (let next = port + 1; next < port + looksMax; next += 1) {
    if (except.includes(next)) continue;
    try {
      await inspectPort("", host, next);
      return next;
    } catch {
      // Somebody listens there too.
    }
  }
  return 0;
}

const looksMax = 100;
