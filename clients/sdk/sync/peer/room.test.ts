import { beforeEach, expect, test } from "vitest";
import {
  chainOf,
  peer,
  startMs,
  time,
  type TestPeer,
} from "../../../../tests/support/peers.sync.ts";
import { Desk } from "./desk.ts";

beforeEach(() => (time.nowMs = startMs));

const noRoom = "there is no room for more of others' writes: the rest stays with them";

/** What a node writes, brought to another one. */
async function bring(giver: TestPeer, taker: TestPeer, desk: Desk) {
  const partner = desk.partner(giver.membership, giver);
  const { standings } = await giver.desk.request(giver.desk.partner(taker.membership, taker), []);
  const { carried } = await giver.desk.answer(
    await taker.desk.request(partner, standings),
    chainOf(taker),
  );
  return desk.take(partner, carried);
}

/** How many bytes each of the writes of this test has. */
async function sizeOfOne(): Promise<number> {
  const [author, taker] = [peer("a"), peer("b")];
  author.write("a1");
  await bring(author, taker, taker.desk);
  return taker.desk.heldBytes;
}

test("of one author so much is held and no byte more, and there is room for others", async () => {
  const size = await sizeOfOne();
  const [one, other, taker] = [peer("a"), peer("c"), peer("b")];
  const bounds = { heldBytesMax: 3 * size, heldOfOneMax: 2 * size };
  const desk = new Desk(taker.ground, taker.circle, bounds);
  for (const text of ["a1", "a2"]) one.write(text);
  expect(await bring(one, taker, desk)).toEqual({ ops: 2, problems: [] });
  one.write("a3");
  expect(await bring(one, taker, desk)).toEqual({ ops: 0, problems: [noRoom] });
  other.write("c1");
  expect(await bring(other, taker, desk)).toEqual({ ops: 1, problems: [] });
  expect(desk.heldBytes).toBe(3 * size);
});

test("in all so much is held and no byte more; what is there already takes no room", async () => {
  const size = await sizeOfOne();
  const [one, other, taker] = [peer("a"), peer("c"), peer("b")];
  const bounds = { heldBytesMax: 2 * size, heldOfOneMax: 2 * size };
  const desk = new Desk(taker.ground, taker.circle, bounds);
  one.write("a1");
  for (const text of ["c1", "c2"]) other.write(text);
  await bring(one, taker, desk);
  expect(await bring(other, taker, desk)).toEqual({ ops: 1, problems: [noRoom] });
  expect(taker.read()).toEqual(["a1", "c1"]);
  taker.write("b1");
  expect(desk.heldBytes).toBe(2 * size);
  expect((await bring(one, taker, desk)).problems).toEqual([]);
});
