import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "../fault.ts";
import { isOn, type Cron } from "./cron.ts";
import { dateOfDays, instantsOf, isSkipped, type Zone } from "./zone.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Every day of a calendar comes within 8 years: 29 February may stay away so long. */
const daysMax = 8 * 366 + 2;

/**
 * The first time after an instant. Where clocks are set forward over a time, it comes as much later
 * as they skip; where they are set back over it, it comes once; what comes every hour follows the
 * time that passes instead.
 *
 * @throws Fault TASK_CRON_NEVER when no calendar has such a day.
 */
export function nextMs(cron: Cron, zone: Zone, afterMs: number): number {
  const today = Math.floor((afterMs + zone.offsetMs(afterMs)) / dayMs);
  // A time of yesterday's face may come today, where clocks skip midnight.
  for (let day = today - 1; day <= today + daysMax; day++) {
    if (!isOn(cron, dateOfDays(day))) continue;
    const next = timesOf(cron, zone, day).find((instant) => instant > afterMs);
    if (next !== undefined) return next;
  }
  throw new Fault(Reason.TASK_CRON_NEVER, { cron: cron.text });
}

/** The next times, in order. */
export function nextTimes(cron: Cron, zone: Zone, afterMs: number, count: number): number[] {
  const times: number[] = [];
  for (let at = afterMs; times.length < count;) {
    at = nextMs(cron, zone, at);
    times.push(at);
  }
  return times;
}

/** All instants of one day of the calendar, in order. */
function timesOf(cron: Cron, zone: Zone, day: number): number[] {
  const midnight = day * dayMs;
  const faces = cron.hours.flatMap((hour) =>
    cron.minutes.map((minute) => midnight + (hour * 60 + minute) * minuteMs),
  );
  const offset = zone.offsetMs(midnight - dayMs);
  const isEven = offset === zone.offsetMs(midnight + 2 * dayMs);
  if (isEven) return faces.map((face) => face - offset);
  const found = faces.flatMap((face) => {
    if (!cron.isHourly) return instantsOf(zone, face).slice(0, 1);
    return isSkipped(zone, face) ? [] : instantsOf(zone, face);
  });
  return [...new Set(found)].toSorted((one, other) => one - other);
}
