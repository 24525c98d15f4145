import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import type { Piece } from "./paint.ts";
import type { Print } from "./print.ts";

/** A list as people see it. */
export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly head: readonly string[];
  readonly row: (item: Item) => readonly Piece[];
  /** What is said where there is nothing to list: how to begin. */
  readonly none: readonly string[];
}

/** Tells a list: the answer as it is to programs, a table to people. */
export async function tellListing<Schema extends DescMessage, Item>(
  print: Print,
  schema: Schema,
  answer: MessageInitShape<Schema>,
  { items, head, row, none }: Listing<Item>,
): Promise<void> {
  await print.answer(schema, create(schema, answer), async () => {
    if (items.length > 0) return await print.table(head, items.map(row));
    for (const line of none) print.line(line);
  });
}
