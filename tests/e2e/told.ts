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
