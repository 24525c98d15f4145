import { Link } from "@tanstack/react-router";
import { CopyButton } from "../../parts/copy.tsx";
import { Icon } from "../../parts/icon.tsx";
import { QueueLink } from "./task-link.tsx";

/** Where one is, and the way back. */
export function Crumbs({ queue, task }: { queue: string | undefined; task?: string }) {
  return (
    <nav aria-label="Where this is" className="flex min-w-0 flex-wrap items-center gap-1.5 text-sm">
      <Link
        className="inline-flex items-center gap-1 rounded-sm whitespace-nowrap text-accent hover:underline"
        search={{}}
        to="/task"
      >
        <span className="rotate-180">
          <Icon name="right" size={12} />
        </span>
        All queues
      </Link>
      {queue !== undefined && task !== undefined && (
        <>
          <Chevron />
          <span className="max-w-48 min-w-0">
            <QueueLink name={queue} />
          </span>
        </>
      )}
      {task !== undefined && (
        <>
          <span className="flex min-w-0 items-center gap-1.5 max-lg:hidden">
            <Chevron />
            <code className="truncate font-mono text-xs text-muted max-xl:max-w-40">{task}</code>
          </span>
          <CopyButton label="Copy id" text={task} />
        </>
      )}
    </nav>
  );
}

function Chevron() {
  return (
    <span className="text-muted">
      <Icon name="right" size={12} />
    </span>
  );
}
