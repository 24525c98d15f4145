// What every journey starts from: a real federation, and a browser.
import { rmSync } from "node:fs";
import type { Browser } from "playwright-core";
import { type Federation, startFederation } from "../../tools/federation.ts";
import { buildPage } from "../../tools/page.ts";
import { makeDataFolder } from "../support/folder.ts";
import { openPage, startBrowser, type Watched } from "./browser.ts";

/** A federation of three nodes that are online, and a browser that knows nothing of it. */
export interface Ground {
  readonly federation: Federation;
  readonly browser: Browser;
  /** Signs a page in by the federation's link, and waits for the map. */
  signIn(watched: Watched): Promise<void>;
  /** A new page that shares the session of another. */
  openBeside(watched: Watched, scheme?: "light" | "dark"): Promise<Watched>;
  stop(): Promise<void>;
}

/** Real processes on two busy cores. */
export const groundMs = 300_000;
const onlineMs = 120_000;

/** Leases short enough that a journey need not wait half a minute for a silent node. */
const hubFlags = ["--heartbeat-ms", "500", "--lease-ms", "2500"];

/** Starts both; whoever starts them stops them. */
export async function startGround(name: string): Promise<Ground> {
  await preparePage();
  await using opened = new AsyncDisposableStack();
  const data = makeDataFolder(`e2e-${name}`);
  opened.defer(() => rmSync(data, { recursive: true, force: true }));
  const federation = await startFederation({ data, ports: "auto", hubFlags });
  opened.defer(() => federation.stop());
  const browser = await startBrowser();
  opened.defer(() => browser.close());
  await federation.online(AbortSignal.timeout(onlineMs));
  const kept = opened.move();
  return {
    federation,
    browser,
    async signIn({ page }) {
      await page.goto(federation.signInLink);
      await page.getByRole("group", { name: /^Map of 3/ }).waitFor();
    },
    async openBeside(watched, scheme = "light") {
      const beside = await openPage(browser, scheme);
      await beside.context.addCookies(await watched.context.cookies());
      return beside;
    },
    stop: () => kept.disposeAsync(),
  };
}

/**
 * The page as it is now, not as it was built last week. Test files that run side by side may build
 * it at once and be in each other's way; whoever loses finds it built.
 */
export async function preparePage(): Promise<void> {
  const say = (line: string) => console.error(line);
  const page = await buildPage(say).catch(() => buildPage(say));
  if (page === "failed" || page === "absent") throw new Error(`the page is ${page}`);
}
