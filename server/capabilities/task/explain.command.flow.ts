import type { Needs } from "@foedus/gen/foedus/task/v1/task_pb.js";

/** What starts a worker that can do a task; which command does it is for people to say. */
export function workCommand(queue: string, needs: Needs | undefined): string {
  const offers = [
    ...(needs?.capabilities ?? []).map((each) => `--offer ${quoted(each)}`),
    ...Object.entries(needs?.labels ?? {}).map((pair) => `--label ${quoted(pair.join("="))}`),
    ...(needs?.model ? [`--model ${quoted(needs.model)}`] : []),
  ];
  return [`foedus task work ${queue} --data ./my-node`, ...offers, "-- ./do-it.sh"].join(" ");
}

/** One word for a shell, whatever it holds. */
function quoted(text: string): string {
  return /^[\w./:=@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
