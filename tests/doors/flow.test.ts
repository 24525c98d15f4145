// Each side waits for the other: slow readers, slow handlers, and halves that end first.
import { afterAll, expect, test } from "vitest";
import { calling } from "./clients.ts";
import type { Side } from "./doors.ts";
import { expectLevel, same, soon, twoHubs } from "./doors.ts";
import { asked, begin, envelope, exchange, pathTo, rawTo, types } from "./raw.ts";

const pair = twoHubs();
afterAll(() => expectLevel(pair()));

const formats = ["connectStream", "grpc", "web"] as const;

/** What nobody takes is not made: far less than there is, whatever buffers and windows hold. */
const aheadMax = 60;

test.each(formats)("a reader that stops, stops the handler, and goes on, as %s", async (format) => {
  const key = `slow ${format}`;
  const pieces = [envelope(asked({ count: 150, size: 50_000, key, text: "x" }))];
  const sent = { path: pathTo("Many"), headers: { "content-type": types[format] }, pieces };
  await same(pair(), async (side) => {
    const session = await rawTo(side);
    const { stream, heard, bytes } = begin(session, sent);
    stream.pause();
    await soon(() => (side.seen.told.get(key) ?? 0) > 1);
    // Each call answered in between gave the handler its turns.
    for (let n = 0; n < 20; n++) await calling("connect")(side, "once", [{}]);
    expect(side.seen.told.get(key)).toBeLessThan(aheadMax);
    stream.resume();
    const { trailers } = await heard;
    session.destroy();
    return [trailers, bytes().length, side.seen.told.get(key)];
  });
});

test.each(formats)("many readers that stop keep nobody else waiting, as %s", async (format) => {
  const headers = { "content-type": types[format] };
  await same(pair(), async (side) => {
    const session = await rawTo(side);
    const open = Array.from({ length: 20 }, (_, at) => {
      const pieces = [envelope(asked({ count: 60, size: 2_000, key: `crowd ${format} ${at}` }))];
      const one = begin(session, { path: pathTo("Many"), headers, pieces });
      one.stream.pause();
      return one;
    });
    for (let n = 0; n < 20; n++) await calling("grpc")(side, "once", [{ size: 3_000 }]);
    for (const { stream } of open) stream.resume();
    await Promise.all(open.map((one) => one.heard));
    session.destroy();
    // Pages of bytes are shared among calls: each got its own, and all of it.
    const whole = open.map((one) => messagesIn(one.bytes()));
    expect(new Set(whole)).toEqual(new Set([whole[0]]));
    return whole[0];
  });
});

/** How many messages of the asked size there are, all of whose bytes are what they should be. */
function messagesIn(bytes: Buffer): number {
  let [at, count] = [0, 0];
  while (at < bytes.length && (bytes[at] ?? 0) === 0) {
    const length = bytes.readUInt32BE(at + 1);
    const message = bytes.subarray(at + 5, at + 5 + length);
    const middle = message.subarray(4, 1_900);
    expect(middle.equals(Buffer.alloc(middle.length, middle[0]))).toBe(true);
    at += 5 + length;
    count += 1;
  }
  return count;
}

test.each(formats)("a handler that does not read stops its client, as %s", async (format) => {
  for (const method of ["Gather", "Both"]) {
    const key = `busy ${format} ${method}`;
    const body = envelope(asked({ act: "gate", key, data: new Uint8Array(60_000) }));
    const headers = { "content-type": types[format] };
    await same(pair(), async (side) => {
      const session = await rawTo(side);
      const { stream, heard, bytes } = begin(session, {
        path: pathTo(method),
        headers,
        ends: false,
      });
      let out = 0;
      for (let n = 0; n < 40; n++) stream.write(body, () => (out += 1));
      stream.end();
      await soon(() => side.seen.taken.get(key) === 1);
      for (let n = 0; n < 30; n++) await new Promise((resolve) => session.ping(resolve));
      expect(out).toBeLessThan(30);
      side.seen.release(key);
      const { trailers } = await heard;
      session.destroy();
      return [trailers, bytes().length, side.seen.taken.get(key), out];
    });
  }
});

test.each(formats)("a client that ends first hears all the answers, as %s", async (format) => {
  const pieces = Array.from({ length: 20 }, (_, at) =>
    envelope(asked({ text: `n${at}`, count: 3 })),
  );
  const sent = { path: pathTo("Both"), headers: { "content-type": types[format] }, pieces };
  const heard = await same(pair(), (side) => exchange(side, sent));
  expect(heard.body).toContain("n19");
});

test.each(formats)(
  "a handler that ends first ends the call of a client that sends on, as %s",
  async (format) => {
    for (const method of ["Gather", "Both"]) {
      for (const more of [0, 40]) {
        const first = envelope(asked({ act: "stop", text: "enough" }));
        const rest = Array.from({ length: more }, () =>
          envelope(asked({ data: new Uint8Array(50_000) })),
        );
        const headers = { "content-type": types[format] };
        const sent = { path: pathTo(method), headers, pieces: [first, ...rest], ends: false };
        const heard = await same(pair(), (side) => exchange(side, sent));
        expect(heard.body).toContain("enough");
      }
    }
  },
);

test.each(formats)("question and answer in turns, as %s", async (format) => {
  const talk = async (side: Side) => {
    const session = await rawTo(side);
    const headers = { "content-type": types[format] };
    const { stream, heard, bytes } = begin(session, { path: pathTo("Both"), headers, ends: false });
    const lengths: number[] = [];
    for (let n = 0; n < 30; n++) {
      const before = bytes().length;
      stream.write(envelope(asked({ text: `turn ${n}` })));
      await soon(() => (bytes().length ?? 0) > before);
      lengths.push(bytes().length);
    }
    stream.end();
    const { body, trailers } = await heard;
    session.destroy();
    return { lengths, body, trailers };
  };
  await same(pair(), talk);
});
