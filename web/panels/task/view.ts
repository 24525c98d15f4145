import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { oneOf } from "../../shell/search.ts";
import { type QueueSort, queueSortIn } from "./queue-sort.ts";
import { type StateChoice, stateChoices } from "./state.ts";

/** The parts of the page. */
export const tabs = ["queues", "tasks", "workers", "schedules"] as const;
export type Tab = (typeof tabs)[number];

/** The parameters of the page. */
export const taskKeys = ["view", "queue", "task", "state", "q", "sort"] as const;

/** What of the page stands in the address. */
export interface TaskView {
  readonly tab: Tab;
  /** The queue that is looked at; undefined for all. */
  readonly queue: string | undefined;
  /** The task that is looked at. */
  readonly task: string | undefined;
  readonly states: StateChoice;
  readonly words: string;
  readonly sort: QueueSort;
}

/** The words of the address. */
export type TaskSearch = { readonly [Key in (typeof taskKeys)[number]]?: string };
export type TaskChange = { readonly [Key in (typeof taskKeys)[number]]?: string | undefined };

/** Reads the view from the address, and writes changes into it. */
export function useTaskView(): readonly [
  TaskView,
  (change: TaskChange, replace?: boolean) => void,
] {
  const search = useSearch({ from: "/layout/task" });
  const navigate = useNavigate({ from: "/task" });
  const change = useCallback(
    (wish: TaskChange, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...wish }), replace }),
    [navigate],
  );
  return [useMemo(() => taskViewIn(search), [search]), change];
}

/** The view that an address tells; what it cannot mean is as if it were not there. */
export function taskViewIn(search: TaskSearch): TaskView {
  const [all] = stateChoices;
  const states = stateChoices.find(({ word }) => word === search.state) ?? all;
  if (states === undefined) throw new Error("no choice of states");
  return {
    tab: oneOf(tabs, search.view) ?? "queues",
    queue: search.queue,
    task: search.task,
    states,
    words: search.q ?? "",
    sort: queueSortIn(search.sort),
  };
}
