/** What keys do on the page of tasks, for the list of keys. */
export const taskKeyLines = [
  { keys: "↑ ↓", does: "Go from row to row" },
  { keys: "Enter", does: "Open the queue or the task" },
  { keys: "/", does: "Find queues, workers, or tasks by kind, label or id" },
] as const;
