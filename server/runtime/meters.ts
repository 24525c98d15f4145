import type { Attributes, Counter, Histogram } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";

/** What the hub counts. */
export interface Meters {
  /** foedus_rpc_total{method,code}, foedus_rpc_ms{method}. */
  rpc(method: string, code: string, ms: number): void;
  /** foedus_refusal_total{reason}. */
  refusal(reason: string): void;
  /** foedus_loop_restart_total{loop}. */
  loopRestarted(loop: string): void;
  /** foedus_connection_cut_total{listener,why}. */
  connectionCut(listener: string, why: string): void;
  /** A figure that is looked at when somebody asks, e.g. foedus_connection{listener}. */
  gauge(
    name: string,
    description: string,
    read: () => Iterable<readonly [number, Attributes]>,
  ): void;
  /** All of it as Prometheus reads it. */
  text(): Promise<string>;
  stop(): Promise<void>;
}

/** Reads only when it is asked. */
class OnDemandReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

const rpcBucketsMs = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000, 30_000];

/** Starts counting. */
export function openMeters(): Meters {
  const reader = new OnDemandReader();
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("foedus");
  const serializer = new PrometheusSerializer("", false, undefined, true, true);
  const counter = (name: string, description: string): Counter =>
    meter.createCounter(name, { description });
  const rpcTotal = counter("foedus_rpc_total", "Calls by method and status code.");
  const refusals = counter("foedus_refusal_total", "Calls the guards turned away, by reason.");
  const restarts = counter("foedus_loop_restart_total", "Loops that failed and began again.");
  const cuts = counter("foedus_connection_cut_total", "Connections the hub ended, and why.");
  const rpcMs: Histogram = meter.createHistogram("foedus_rpc_ms", {
    description: "How long calls took, in milliseconds.",
    advice: { explicitBucketBoundaries: rpcBucketsMs },
  });
  const gauge: Meters["gauge"] = (name, description, read) => {
    meter.createObservableGauge(name, { description }).addCallback((result) => {
      for (const [value, attributes] of read()) result.observe(value, attributes);
    });
  };
  return {
    rpc(method, code, ms) {
      rpcTotal.add(1, { method, code });
      rpcMs.record(ms, { method });
    },
    refusal: (reason) => refusals.add(1, { reason }),
    loopRestarted: (loop) => restarts.add(1, { loop }),
    connectionCut: (listener, why) => cuts.add(1, { listener, why }),
    gauge,
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    stop: () => provider.shutdown(),
  };
}
