// Before all journeys: the page as it is now, not as it was built last week.
import { buildPage } from "../../tools/page.ts";

/** Vitest calls it once a run. */
export async function setup(): Promise<void> {
  const page = await buildPage((line) => console.error(line));
  if (page === "failed" || page === "absent") throw new Error(`the page is ${page}`);
}
