import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "../fault.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The clocks of a place, with their summers and winters. */
export interface Zone {
  /** What its clocks show is UTC plus this. */
  offsetMs(instantMs: number): number;
}

/**
 * The zone of that name in the IANA database; empty means UTC.
 *
 * @throws Fault TASK_ZONE_UNKNOWN.
 */
export function zoneOf(name: string): Zone {
  const format = formatOf(name === "" ? "UTC" : name);
  return {
    offsetMs(instantMs) {
      const parts = new Map<string, number>();
      for (const { type, value } of format.formatToParts(instantMs)) {
        parts.set(type, Number(value));
      }
      const of = (type: string) => parts.get(type) ?? 0;
      const day = daysOf(of("year"), of("month"), of("day"));
      const face = day * dayMs + of("hour") * hourMs + of("minute") * 60_000 + of("second") * 1_000;
      return face - Math.floor(instantMs / 1_000) * 1_000;
    },
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-u-ca-iso8601", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch {
    throw new Fault(Reason.TASK_ZONE_UNKNOWN, { zone: timeZone.slice(0, 64) });
  }
}

/**
 * The instants at which the clocks show this, given as if it were UTC: one; two when they are set
 * back over it; and when they skip it, the one that comes as much later as they skip.
 */
export function instantsOf(zone: Zone, faceMs: number): number[] {
  const offsets = [zone.offsetMs(faceMs - dayMs), zone.offsetMs(faceMs + dayMs)];
  const found = [...new Set(offsets)]
    .map((offset) => faceMs - offset)
    .filter((instant) => instant + zone.offsetMs(instant) === faceMs)
    .toSorted((one, other) => one - other);
  return found.length > 0 ? found : [faceMs - (offsets[0] ?? 0)];
}

/** Whether the clocks skip this. */
export function isSkipped(zone: Zone, faceMs: number): boolean {
  return instantsOf(zone, faceMs).every((instant) => instant + zone.offsetMs(instant) !== faceMs);
}

/** A day of the calendar, by the days since 1970. */
export interface CalendarDay {
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** Days since 1970 of a date (Hinnant's days_from_civil). */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const days = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + days - 719_468;
}

/** The date of so many days since 1970 (Hinnant's civil_from_days). */
export function dateOfDays(days: number): CalendarDay {
  const shifted = days + 719_468;
  const ofEra = shifted - Math.floor(shifted / 146_097) * 146_097;
  const leap = Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524);
  const gone = leap + Math.floor(ofEra / 146_096);
  const year = Math.floor((ofEra - gone) / 365);
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const part = Math.floor((5 * ofYear + 2) / 153);
  const weekday = (((days + 4) % 7) + 7) % 7;
  return {
    month: ((part + 2) % 12) + 1,
    day: ofYear - Math.floor((153 * part + 2) / 5) + 1,
    weekday,
  };
}
