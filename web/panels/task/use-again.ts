import { useEffect, useRef } from "react";
import { type Soon, soon } from "../sync/soon.ts";

/** Acts a while after something was told to be another, however often it is told. */
export function useAgain(waitMs: number, told: unknown, act: () => void): void {
  const latest = useRef(act);
  const again = useRef<Soon>(undefined);
  const before = useRef(told);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    again.current = soon(waitMs, () => latest.current());
    return () => again.current?.stop();
  }, [waitMs]);
  useEffect(() => {
    if (before.current !== told) again.current?.wish();
    before.current = told;
  }, [told]);
}
