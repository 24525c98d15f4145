import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "../fault.ts";
import { isOn, type Cron } from "./cron.ts";
import { dateOfDays, instantsOf, isSkipped, type Zone } from "./zone.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
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
  return nextTimes(cron, zone, afterMs, 1)[0] ?? afterMs;
}

/** The next times, in order. */
export function nextTimes(cron: Cron, zone: Zone, afterMs: number, count: number): number[] {
  const times: number[] = [];
  for (const at of timesFrom(cron, zone, afterMs)) {
    times.push(at);
    if (times.length >= count) break;
  }
  return times;
}

/**
 * All times after an instant, in order and without an end: a day is looked at once, however many of
 * its times are asked for.
 *
 * @throws Fault TASK_CRON_NEVER as `nextMs` does.
 */
export function* timesFrom(cron: Cron, zone: Zone, afterMs: number): Generator<number, void> {
  const known = remembering(zone);
  const today = Math.floor((afterMs + known.offsetMs(afterMs)) / dayMs);
  let [last, until] = [afterMs, today + daysMax];
  // A time of yesterday's face may come today, where clocks skip midnight.
  for (let day = today - 1; day <= until; day++) {
    if (!isOn(cron, dateOfDays(day))) continue;
    for (const at of timesOf(cron, known, day, last)) {
      if (at <= last) continue;
      yield (last = at);
      until = day + daysMax;
    }
  }
  throw new Fault(Reason.TASK_CRON_NEVER, { cron: cron.text });
}

/** Instants of one day of the calendar, in order: all that come after this one. */
function timesOf(cron: Cron, zone: Zone, day: number, afterMs: number): number[] {
  const midnight = day * dayMs;
  const [before, after] = [zone.offsetMs(midnight - dayMs), zone.offsetMs(midnight + 2 * dayMs)];
  const hours = cron.hours.map((hour) => midnight + hour * hourMs);
  if (before === after) return hours.flatMap((face) => minutesOf(cron, face - before));
  const coming = hours.filter((face) => face + hourMs - Math.min(before, after) > afterMs);
  const found = coming.flatMap((face) => timesOfHour(cron, zone, face));
  return [...new Set(found)].toSorted((one, other) => one - other);
}

/** Of an hour near one where clocks are set: only where they are, each minute is asked for. */
function timesOfHour(cron: Cron, zone: Zone, face: number): number[] {
  const [start = 0, ...more] = instantsOf(zone, face);
  const [end = 0, ...further] = instantsOf(zone, face + hourMs);
  const isEven = more.length + further.length === 0 && end - start === hourMs;
  if (isEven && !(cron.isHourly && isSkipped(zone, face))) return minutesOf(cron, start);
  return minutesOf(cron, face).flatMap((minute) => {
    if (!cron.isHourly) return instantsOf(zone, minute).slice(0, 1);
    return isSkipped(zone, minute) ? [] : instantsOf(zone, minute);
  });
}

function minutesOf({ minutes }: Cron, hour: number): number[] {
  return minutes.map((minute) => hour + minute * minuteMs);
}

/** Asking a zone takes long: each instant is asked for once. */
function remembering(zone: Zone): Zone {
  const known = new Map<number, number>();
  return {
    offsetMs(instantMs) {
      const before = known.get(instantMs);
      if (before !== undefined) return before;
      const offset = zone.offsetMs(instantMs);
      known.set(instantMs, offset);
      return offset;
    },
  };
}
