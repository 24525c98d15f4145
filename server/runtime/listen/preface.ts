import type { Socket } from "node:net";
import type { World } from "@foedus/kernel/world.ts";
import { firstByteMs } from "./limits.ts";

/** What an HTTP/2 connection begins with (RFC 9113, section 3.4); no method of HTTP/1.1 does. */
const http2Begins = Buffer.from("PRI");

/**
 * Finds out by its first bytes which HTTP version a plain connection speaks, puts them back, and
 * hands it on. A connection that says nothing is ended.
 */
export function tellApart(
  world: World,
  socket: Socket,
  take: { http1(socket: Socket): void; http2(socket: Socket): void; silent(): void },
): void {
  let head = Buffer.alloc(0);
  const timer = world.timers.after(firstByteMs, () => {
    take.silent();
    socket.destroy();
  });
  const look = () => {
    for (;;) {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      head = Buffer.concat([head, chunk]);
      const undecided = head.length < http2Begins.length;
      if (undecided && http2Begins.subarray(0, head.length).equals(head)) continue;
      timer.cancel();
      socket.off("readable", look);
      socket.unshift(head);
      const isHttp2 = head.subarray(0, http2Begins.length).equals(http2Begins);
      return isHttp2 ? take.http2(socket) : take.http1(socket);
    }
  };
  socket.once("close", () => timer.cancel());
  socket.on("readable", look);
}
