import { priorityMax } from "./limits.ts";

/**
 * How far one task moves its lane on: a level higher gets two turns for one, and so does double
 * weight. The order of a queue is docs/decisions/0072.
 */
export function stepOf(priority: number, weight: number): number {
  return 2 ** (priorityMax - priority) / weight;
}

/** How a lane stands when tasks of it become ready. */
export interface Lane {
  /** The last turn it was given; 0 when it never was. */
  readonly last: number;
  /** The greatest turn that was claimed from the queue. */
  readonly queue: number;
  readonly step: number;
}

/** The turns of tasks of one lane that become ready together, in their order. */
export function turnsFor({ last, queue, step }: Lane, count: number): number[] {
  const from = Math.max(last, queue);
  return Array.from({ length: count }, (_, at) => from + step * (at + 1));
}

/**
 * How many tasks of another lane can come before a task with this turn, however many become ready
 * later: what makes that nothing starves.
 */
export function aheadMax(turn: number, queue: number, step: number): number {
  return Math.max(0, Math.floor((turn - queue) / step));
}
