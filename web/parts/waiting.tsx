import type { Waiting as Wait } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Command } from "./copy.tsx";
import { Icon } from "./icon.tsx";
import { Since } from "./time.tsx";

/** The product's one shape of waiting, as the hub tells it too. */
export type WaitShape = Pick<Wait, "waitingFor" | "whoCanEndIt" | "sinceMs" | "command">;

/** For what something waits, since when, who can end it, and how. */
export function Waiting({ wait, plain = false }: { wait: WaitShape; plain?: boolean }) {
  const { waitingFor, whoCanEndIt, sinceMs, command } = wait;
  return (
    <div
      className={`flex gap-3 text-sm ${plain ? "" : "rounded-xl border border-line bg-surface p-4"}`}
      role="group"
      aria-label={`Waiting for ${waitingFor}`}
    >
      <span className="mt-0.5 animate-breathe text-degraded">
        <Icon name="wait" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">Waiting for {waitingFor}</p>
        <p className="text-muted">
          {sinceMs > 0n && (
            <>
              since <Since at={sinceMs} />;{" "}
            </>
          )}
          {whoCanEndIt} can end it{command ? ":" : "."}
        </p>
        {command && (
          <div className="mt-2 max-w-xl">
            <Command text={command} />
          </div>
        )}
      </div>
    </div>
  );
}
