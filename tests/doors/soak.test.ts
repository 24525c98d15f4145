// Thousands of calls and resets: memory, calls, timers and listeners end where they began.
import { getEventListeners } from "node:events";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { World } from "@foedus/kernel/world.ts";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { openSide, soon } from "./doors.ts";
import type { Side } from "./doors.ts";
import { asked, begin, bodyFor, envelope, pathTo, rawTo, types } from "./raw.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** The real world, and how many of its timers run. */
function countedWorld(): { readonly world: World; running(): number } {
  const running = new Set<object>();
  const { after } = realWorld.timers;
  const counted: World["timers"]["after"] = (ms, act) => {
    const one = {};
    const timer = after(ms, () => {
      running.delete(one);
      act();
    });
    running.add(one);
    return {
      ...timer,
      cancel() {
        running.delete(one);
        timer.cancel();
      },
    };
  };
  const timers = { ...realWorld.timers, after: counted };
  return { world: { ...realWorld, timers }, running: () => running.size };
}

const formats = ["connect", "grpc", "web"] as const;
const cancel = 8;
const sessionBytes = 16_777_216;

/** Some hundred calls of every kind over one session, of which many are left. */
async function round(side: Side): Promise<void> {
  const session = await rawTo(side);
  // What comes for a stream that was left stays in the window of its session.
  session.setLocalWindowSize(sessionBytes);
  const all: Promise<unknown>[] = [];
  for (let n = 0; n < 90; n++) {
    const format = formats[n % formats.length] ?? "grpc";
    const within =
      format === "connect" ? { "connect-timeout-ms": "60000" } : { "grpc-timeout": "60S" };
    const headers = { "content-type": types[format], ...within };
    const pieces = [bodyFor(types[format], asked({ text: "soak", data: new Uint8Array(200) }))];
    all.push(begin(session, { path: pathTo("Once"), headers, pieces }).heard);
  }
  await Promise.all(all);
  const left = ["Many", "Gather", "Both"].flatMap((method) =>
    (["connectStream", "grpc"] as const).flatMap((format) =>
      [0, 1, 2].map((how) => leave(session, method, format, how)),
    ),
  );
  await Promise.all(left);
  session.destroy();
  await soon(() => side.seen.open === 0);
}

async function leave(
  session: Awaited<ReturnType<typeof rawTo>>,
  method: string,
  format: "connectStream" | "grpc",
  how: number,
): Promise<void> {
  const headers = { "content-type": types[format] };
  const ask = envelope(asked({ count: 40, size: 1_000, key: "soak" }));
  const pieces = Array.from({ length: method === "Many" ? 1 : 20 }, () => ask);
  const { stream, heard } = begin(session, {
    path: pathTo(method),
    headers,
    pieces,
    ends: how === 0 || method === "Many",
  });
  if (how === 1) stream.once("data", () => stream.close(cancel));
  // The answer of Gather never begins for who does not end.
  if (how === 2 || (how === 1 && method === "Gather")) {
    await new Promise((resolve) => session.ping(resolve));
    stream.close(cancel);
  }
  await heard;
}

test("the lean door is level after thousands of calls and resets", async () => {
  const { world, running } = countedWorld();
  const side = await openSide(true, { world });
  const state = async () => {
    await soon(async () => (await side.calls()) === 0);
    collect();
    const listeners = getEventListeners(side.hub.hub.draining, "abort").length;
    return { heap: process.memoryUsage().heapUsed, timers: running(), listeners };
  };
  // Codes get compiled and books of figures filled first.
  for (let n = 0; n < 8; n++) await round(side);
  const before = await state();
  for (let n = 0; n < 20; n++) await round(side);
  const after = await state();
  expect(after.timers).toBeLessThanOrEqual(before.timers + 1);
  expect(after.listeners).toBeLessThanOrEqual(before.listeners);
  // 2,160 calls: of a kilobyte kept for each it would be two millions more.
  expect(after.heap - before.heap).toBeLessThan(3_000_000);
  await side.hub.running.stop();
});
