// Answers that no honest federation gives, in the browser's own wire format.
import { create, type DescMessage, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { Page } from "playwright-core";

const envelopeBytes = 5;
const endFlag = 2;

/** Answers a unary call of the page. */
export async function answer<S extends DescMessage>(
  page: Page,
  method: string,
  schema: S,
  message: MessageInitShape<S>,
): Promise<void> {
  const body = Buffer.from(toBinary(schema, create(schema, message)));
  await page.route(`**/${method}`, (route) =>
    route.fulfill({ body, contentType: "application/proto", status: 200 }),
  );
}

/** Answers a stream of the page with these messages and ends it: the page opens it again. */
export async function stream<S extends DescMessage>(
  page: Page,
  method: string,
  schema: S,
  messages: readonly MessageInitShape<S>[],
): Promise<void> {
  const told = messages.map((message) => envelope(0, toBinary(schema, create(schema, message))));
  const body = Buffer.concat([...told, envelope(endFlag, Buffer.from("{}"))]);
  await page.route(`**/${method}`, (route) =>
    route.fulfill({ body, contentType: "application/connect+proto", status: 200 }),
  );
}

function envelope(flag: number, bytes: Uint8Array): Buffer {
  const whole = Buffer.alloc(envelopeBytes + bytes.length);
  whole.writeUInt8(flag, 0);
  whole.writeUInt32BE(bytes.length, 1);
  whole.set(bytes, envelopeBytes);
  return whole;
}

/** A stream that stays open, and tells what it is given. */
export interface OpenStream<S extends DescMessage> {
  tell(message: MessageInitShape<S>): Promise<void>;
  /** Ends what is open; the page opens it again. */
  cut(): Promise<void>;
}

interface Taps {
  readonly open: Set<ReadableStreamDefaultController<Uint8Array>>;
  first: string;
}

declare global {
  var toldStreams: Record<string, Taps>;
}

/** Answers a stream of the page from its next visit on: with one message, then as it is told. */
export async function openStream<S extends DescMessage>(
  page: Page,
  method: string,
  schema: S,
  first: MessageInitShape<S>,
): Promise<OpenStream<S>> {
  const framed = (message: MessageInitShape<S>) =>
    envelope(0, toBinary(schema, create(schema, message))).toString("base64");
  await page.addInitScript(tap, [method, framed(first)] as const);
  return {
    tell: (message) =>
      page.evaluate(
        ([name, base64]) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          for (const one of globalThis.toldStreams[name]?.open ?? []) one.enqueue(bytes);
        },
        [method, framed(message)] as const,
      ),
    cut: () =>
      page.evaluate((name) => {
        const open = globalThis.toldStreams[name]?.open;
        for (const one of open ?? []) one.error(new TypeError("network error"));
        open?.clear();
      }, method),
  };
}

/** Runs in the page before all of its own scripts. */
function tap([method, first]: readonly [string, string]): void {
  globalThis.toldStreams ??= {};
  globalThis.toldStreams[method] = { open: new Set(), first };
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.endsWith(`/${method}`)) return await original(input, init);
    const taps = globalThis.toldStreams[method];
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Uint8Array.from(atob(first), (letter) => letter.charCodeAt(0)));
        taps?.open.add(controller);
        init?.signal?.addEventListener("abort", () => {
          taps?.open.delete(controller);
          controller.error(init.signal?.reason);
        });
      },
    });
    return new Response(body, { headers: { "content-type": "application/connect+proto" } });
  };
}
