import type { World } from "@foedus/kernel/world.ts";
import { linked } from "../signals.ts";
import { persist } from "../wire/persist.ts";
import type { AskOptions } from "./tasks.ts";

/** What each try of a call is bound by. */
export interface Each {
  readonly signal: AbortSignal;
}

/** Makes a call again and again until the hub has answered. */
export type Ask = <T>(call: (each: Each) => Promise<T>, options?: AskOptions) => Promise<T>;

/** Asks until the hub has answered, or either signal aborts. */
export function askerOf(world: World, ended: AbortSignal): Ask {
  return async (call, { signal } = {}) => {
    using both = linked(ended, signal);
    return await persist(() => call({ signal: both.signal }), { world, signal: both.signal });
  };
}

/** A page of something. */
interface Paged {
  readonly nextPageToken: string;
}

/** All pages, each as it is wanted. */
export async function* pagesOf<Listed extends Paged>(
  read: (page: { readonly token: string }) => Promise<Listed>,
): AsyncGenerator<Listed, void, void> {
  let token = "";
  do {
    const listed = await read({ token });
    yield listed;
    token = listed.nextPageToken;
  } while (token !== "");
}
