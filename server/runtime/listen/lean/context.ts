import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { ContextKey, ContextValues, HandlerContext } from "@connectrpc/connect";
import type { IncomingHttpHeaders } from "node:http2";
import type { Clock } from "@foedus/kernel/world.ts";
import type { Ending, Ends } from "../../ending.ts";
import { endingKey } from "../../ending.ts";
import type { Format } from "./formats.ts";
import { LazyHeaders } from "./headers.ts";

/** What a context is made from. */
export interface ContextParts {
  readonly method: DescMethod;
  readonly format: Format;
  readonly head: IncomingHttpHeaders;
  readonly ending: Ending;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
}

/**
 * What an implementation is told of its call. Most look at one or two things of it, so the others
 * are made for whoever looks.
 */
export class LeanContext implements HandlerContext, Ends {
  readonly method: DescMethod;
  readonly protocolName: string;
  readonly requestMethod = "POST";
  readonly requestHeader: LazyHeaders;
  readonly responseHeader: LazyHeaders;
  readonly responseTrailer = new LazyHeaders(nothing);
  readonly values: ContextValues = new LeanValues();
  readonly timeoutMs: () => number | undefined;
  readonly [endingKey]: Ending;

  constructor({ method, format, head, ending, timeoutMs, clock }: ContextParts) {
    this.method = method;
    this.protocolName = format.protocol;
    this.requestHeader = new LazyHeaders(head);
    this.responseHeader = new LazyHeaders({ "content-type": format.answerType });
    this.timeoutMs = timeoutMs === undefined ? forever : leftOf(clock, timeoutMs);
    this[endingKey] = ending;
  }

  get service(): DescService {
    return this.method.parent;
  }

  get signal(): AbortSignal {
    return this[endingKey].signal;
  }

  get url(): string {
    const { lines } = this.requestHeader;
    return new URL(lines[":path"] ?? "", `${lines[":scheme"]}://${lines[":authority"]}`).toString();
  }
}

const nothing = {};
const forever = () => undefined;

function leftOf(clock: Clock, timeoutMs: number): () => number {
  const endMs = clock.monotonic() + timeoutMs;
  return () => endMs - clock.monotonic();
}

class LeanValues implements ContextValues {
  [id: symbol]: unknown;

  get<T>(key: ContextKey<T>): T {
    return key.id in this ? (this[key.id] as T) : key.defaultValue;
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this[key.id] = value;
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    this[key.id] = undefined;
    delete this[key.id];
    return this;
  }
}
