import { shellWord } from "../../parts/shell-word.ts";
import { type TaskSearch, taskViewIn } from "./view.ts";

/** A command of tasks, each word as a shell reads it. */
export function taskLine(...words: readonly string[]): string {
  return ["npx", "foedus", "task", ...words.map(shellWord)].join(" ");
}

/** A command of the hub, as it is typed where nothing is installed. */
export function typed(command: string): string {
  return command.startsWith("foedus ") ? `npx ${command}` : command;
}

/** The command that lets a node of one's own work on a queue. */
export function workLine(queue: string): string {
  return taskLine("work", queue, "--data", "./my-node", "--", "./do-it.sh");
}

/** The command that shows what the page shows. */
export function taskCommand(search: TaskSearch): string {
  const { tab, queue, task, states } = taskViewIn(search);
  if (task !== undefined) return taskLine("show", task);
  const ofQueue = queue === undefined ? [] : ["--queue", queue];
  if (tab === "workers") return taskLine("workers", ...ofQueue);
  if (tab === "schedules") return taskLine("schedules");
  const isDead = states.word === "failed";
  if (isDead && (tab === "tasks" || queue !== undefined)) return taskLine("dead", ...ofQueue);
  if (tab === "tasks") return taskLine("list", ...ofQueue);
  return queue === undefined ? taskLine("queues") : taskLine("queue", queue);
}
