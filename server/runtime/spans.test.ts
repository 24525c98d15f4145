import { trace } from "@opentelemetry/api";
import type { Context, Span, SpanOptions, Tracer } from "@opentelemetry/api";
import { afterAll, expect, test } from "vitest";
import { openSpan, traceparent, withSpan } from "./spans.ts";

interface Recorded {
  readonly name: string;
  readonly traceId: string;
  readonly parent: string | undefined;
  readonly failed: boolean;
}

const recorded: Recorded[] = [];
let next = 1;

/** As small as a provider of somebody else can be. */
const tracer: Tracer = {
  startSpan(name: string, _options?: SpanOptions, context?: Context): Span {
    const parent = context && trace.getSpanContext(context);
    const traceId = parent?.traceId ?? String(next).padStart(32, "0");
    const spanId = String(next++).padStart(16, "0");
    let failed = false;
    const span: Span = {
      spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
      setAttribute: () => span,
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => ((failed = true), span),
      updateName: () => span,
      end: () => void recorded.push({ name, traceId, parent: parent?.spanId, failed }),
      isRecording: () => true,
      recordException: () => undefined,
    };
    return span;
  },
  startActiveSpan: () => undefined as never,
};

afterAll(() => trace.disable());

const remote = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

test("without a provider spans cost nothing, and the caller's trace still goes on", () => {
  expect(traceparent()).toBeUndefined();
  expect(openSpan("call", {}, remote).run(traceparent)).toBe(remote);
});

test.each([
  "",
  "00-abc-def-01",
  `${remote}-more`,
  "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
])("%j is no trace", (header) => {
  expect(openSpan("call", {}, header).run(traceparent)).toBeUndefined();
});

test("with a provider spans nest, across waits, below the caller's", async () => {
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  const call = openSpan("call", {}, remote);
  await call.run(async () => {
    await withSpan("outer", {}, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await withSpan("inner", {}, () => Promise.resolve());
    });
  });
  call.end();
  const [inner, outer, whole] = recorded;
  expect([inner?.name, outer?.name, whole?.name]).toEqual(["inner", "outer", "call"]);
  expect(new Set(recorded.map(({ traceId }) => traceId))).toEqual(new Set([remote.slice(3, 35)]));
  expect(whole?.parent).toBe(remote.slice(36, 52));
});

test("a span whose work throws has failed, and the error flies on", async () => {
  const work = withSpan("bad", {}, () => Promise.reject(new Error("no")));
  await expect(work).rejects.toThrow("no");
  expect(recorded.at(-1)).toMatchObject({ name: "bad", failed: true });
});
