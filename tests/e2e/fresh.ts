// A page of its own for each test of a file, over one federation for all of them.
import { beforeAll, beforeEach } from "vitest";
import { shared } from "../support/shared.ts";
import { openPage, type Scheme, type Watched } from "./browser.ts";
import { startGround } from "./ground.ts";

/** A page that is signed in, and that nobody used before the test. */
export interface Fresh extends Watched {
  /** Goes to a path of the page. */
  open(path: string): Promise<void>;
  /** One more, in this scheme. */
  beside(scheme: Scheme): Promise<Fresh>;
}

/** Starts a federation of three nodes, and gives each test a fresh page of it. */
export function freshPage(name: string): Fresh {
  const ground = shared(
    () => startGround(name),
    (started) => started.stop(),
  );
  let signedIn: Watched;
  beforeAll(async () => {
    signedIn = await openPage(ground.browser);
    await ground.signIn(signedIn);
  });
  const beside = async (scheme?: Scheme): Promise<Fresh> => {
    const watched = await ground.openBeside(signedIn, scheme);
    const open = async (path: string) => {
      await watched.page.goto(ground.federation.webUrl + path);
    };
    return { ...watched, open, beside };
  };
  let fresh: Fresh;
  beforeEach(async () => {
    fresh = await beside();
  });
  return {
    get page() {
      return fresh.page;
    },
    get context() {
      return fresh.context;
    },
    get complaints() {
      return fresh.complaints;
    },
    open: (path) => fresh.open(path),
    beside,
  };
}
