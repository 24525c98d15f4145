import { useEffect, useRef, useState } from "react";
import { after, clock } from "../../parts/clock.ts";

/** The value, but never two changes within the time: nobody can read, or hear, faster. */
export function useCalm<Value>(value: Value, ms: number): Value {
  const [calm, setCalm] = useState(value);
  const toldMs = useRef(0);
  useEffect(() => {
    if (value === calm) return;
    const leftMs = Math.min(ms, Math.max(0, toldMs.current + ms - clock.now()));
    return after(leftMs, () => {
      toldMs.current = clock.now();
      setCalm(value);
    });
  }, [value, calm, ms]);
  return calm;
}

/** The value once it stays as it is: what somebody is still typing is not judged. */
export function useSettled<Value>(value: Value, ms: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => after(ms, () => setSettled(value)), [value, ms]);
  return settled;
}
