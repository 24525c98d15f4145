import type { Attributes, Context } from "@opentelemetry/api";
import {
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  isSpanContextValid,
  trace,
} from "@opentelemetry/api";
import { currentTrace, withinTrace } from "./underway.ts";

/** Until somebody registers a provider this tracer does nothing, and costs next to nothing. */
const tracer = trace.getTracer("foedus");

const traceparentShape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A span that lasts longer than one function, e.g. that of a stream. */
export interface OpenSpan {
  /** The trace of what is done within it; undefined when there is nothing to trace. */
  readonly trace: Context | undefined;
  /** Runs a part of the work within the span; spans of calls it makes become its children. */
  run<T>(work: () => T): T;
  /** Ends it; with an error when it failed. */
  end(error?: unknown): void;
}

/**
 * Begins a span below the running one, or below the one that a `traceparent` header names (W3C
 * Trace Context).
 */
export function openSpan(name: string, facts: Attributes, traceparent?: string | null): OpenSpan {
  const parent = remoteContext(traceparent) ?? currentTrace() ?? ROOT_CONTEXT;
  const span = tracer.startSpan(name, { attributes: facts }, parent);
  const context = isSpanContextValid(span.spanContext()) ? trace.setSpan(parent, span) : undefined;
  return {
    trace: context,
    run: (work) => (context === undefined ? work() : withinTrace(context, work)),
    end(error) {
      if (error !== undefined) {
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: error instanceof Error ? error.message : "failed",
        });
      }
      span.end();
    },
  };
}

/** Runs the work within a span of its own. */
export async function withSpan<T>(
  name: string,
  facts: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  const span = openSpan(name, facts);
  try {
    const result = await span.run(work);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** The `traceparent` of the running span; undefined outside of a trace. */
export function traceparent(): string | undefined {
  const span = trace.getSpanContext(currentTrace() ?? ROOT_CONTEXT);
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
}

function remoteContext(header: string | null | undefined): Context | undefined {
  if (header === null || header === undefined) return undefined;
  const [, traceId, spanId, flags] = traceparentShape.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  const traceFlags = Number.parseInt(flags ?? "0", 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
