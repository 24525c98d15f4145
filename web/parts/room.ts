import { type RefObject, useMemo } from "react";
import type { Column } from "./table.tsx";
import { useSize } from "./use-size.ts";

/** A column, and how wide the table has to be for it to be worth its place. */
export interface RoomColumn extends Column {
  readonly fromPx: number;
}

/** The columns that have room in a frame; those that matter least go first. */
export function useRoom(
  columns: readonly RoomColumn[],
  frame: RefObject<HTMLElement | null>,
): readonly RoomColumn[] {
  const { width } = useSize(frame);
  return useMemo(() => columns.filter(({ fromPx }) => width >= fromPx), [columns, width]);
}
