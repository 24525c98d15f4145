import { type RefObject, useCallback, useEffect, useRef } from "react";
import { after } from "./clock.ts";

/** Somebody who moves over the rows is about to click; who rests is not. */
const aimMs = 1_500;

interface Signs {
  readonly scrolled: boolean;
  readonly focused: boolean;
  readonly aiming: boolean;
}

/**
 * Tells whether the rows are being read, so that none moves under a pointer, an eye or the keyboard:
 * scrolled away from the newest, with the focus in a row, or while the pointer moves over them.
 */
export function useReading(
  table: RefObject<HTMLElement | null>,
  slackPx: number,
  onReading: (reading: boolean) => void,
) {
  const signs = useRef<Signs>({ scrolled: false, focused: false, aiming: false });
  const forget = useRef(() => {});
  const note = useCallback(
    (change: Partial<Signs>) => {
      const before = isReading(signs.current);
      signs.current = { ...signs.current, ...change };
      const now = isReading(signs.current);
      if (now !== before || change.focused === true) onReading(now);
    },
    [onReading],
  );
  useEffect(
    () => () => {
      forget.current();
      onReading(false);
    },
    [onReading],
  );
  return {
    onScroll: () => note({ scrolled: (table.current?.scrollTop ?? 0) > slackPx }),
    onFocus: (event: { target: Element }) => {
      const inRow = event.target.matches("[data-row]:focus-visible");
      if (inRow) note({ focused: true });
    },
    onBlur: (event: { relatedTarget: Element | null }) => {
      if (event.relatedTarget?.matches("[data-row]") !== true) note({ focused: false });
    },
    onPointerMove: () => {
      forget.current();
      note({ aiming: true });
      forget.current = after(aimMs, () => note({ aiming: false }));
    },
    onPointerLeave: () => {
      forget.current();
      note({ aiming: false });
    },
  };
}

function isReading({ scrolled, focused, aiming }: Signs): boolean {
  return scrolled || focused || aiming;
}
