import { useCallback, useState } from "react";
import type { Live } from "../../parts/live.ts";
import type { Log } from "./log.ts";

/** The log as it stood when somebody wanted it to stand still. */
export interface Still {
  readonly live: Live<Log>;
  readonly log: Log;
  /** By the button or its key; otherwise only while the rows are being read. */
  readonly paused: boolean;
}

/** Holds the rows still while they are read, or until somebody lets them go. */
export function useStill(live: Live<Log>) {
  const [still, setStill] = useState<Still>();
  // Another filter is another log; what was held of the one before is let go.
  const held = still?.live === live ? still : undefined;
  const pause = useCallback(() => {
    setStill((before) =>
      before?.live === live && before.paused
        ? undefined
        : { live, log: before?.live === live ? before.log : live.read(), paused: true },
    );
  }, [live]);
  const read = useCallback(
    (reading: boolean) => {
      setStill((before) => {
        const now = before?.live === live ? before : undefined;
        if (now?.paused === true) return before;
        return reading ? (now ?? { live, log: live.read(), paused: false }) : undefined;
      });
    },
    [live],
  );
  const go = useCallback(() => setStill(undefined), []);
  return { held, pause, read, go };
}
