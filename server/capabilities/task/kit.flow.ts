import type { Hub } from "../../runtime/capability.ts";
import type { News } from "./news.flow.ts";
import type { Turns } from "./submit.store.ts";

/** What the methods of tasks take. */
export interface TaskKit {
  readonly hub: Pick<Hub, "calls" | "config" | "storage" | "served" | "world" | "draining" | "log">;
  readonly news: News;
  /** Gives turns to many who submit at the same time. */
  readonly turns: Turns;
}
