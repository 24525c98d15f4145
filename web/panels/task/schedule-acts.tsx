import { QueueService, type Schedule } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { TroubleNote } from "../../parts/note.tsx";
import { useAct } from "./acts.ts";

interface ActProps {
  readonly schedule: Schedule;
  readonly onClose: () => void;
}

/** Stops a schedule for a while, or lets it go on. */
export function PauseScheduleDialog({ schedule, onClose }: ActProps) {
  const set = useAct(QueueService.method.setSchedule, onClose);
  const { name, paused } = schedule;
  const verb = paused ? "Resume" : "Pause";
  return (
    <Dialog onClose={onClose} title={`${verb} ${name}`}>
      <div className="flex flex-col gap-4 text-left text-sm">
        <p className="text-muted">
          {paused
            ? "It submits again from its next time on; what it missed meanwhile is not made up for."
            : "Nothing is submitted until somebody resumes it. Tasks it submitted before go on."}
        </p>
        {set.error !== null && <TroubleNote error={set.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            busy={set.isPending}
            icon={paused ? "play" : "pause"}
            onClick={() =>
              set.mutate({ requestId: set.requestId, schedule: { ...schedule, paused: !paused } })
            }
            tone="strong"
          >
            {verb} the schedule
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Ends a schedule for good. */
export function DeleteScheduleDialog({ schedule, onClose }: ActProps) {
  const drop = useAct(QueueService.method.deleteSchedule, onClose);
  return (
    <Dialog onClose={onClose} title={`Delete ${schedule.name}`}>
      <div className="flex flex-col gap-4 text-left text-sm">
        <p className="text-muted">
          It submits nothing any more and is not listed. Tasks it submitted before go on.
        </p>
        {drop.error !== null && <TroubleNote error={drop.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            busy={drop.isPending}
            icon="trash"
            onClick={() => drop.mutate({ requestId: drop.requestId, name: schedule.name })}
            tone="danger"
          >
            Delete the schedule
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
