import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "../fault.ts";

/** A schedule of five fields, as the times that fit each of them. */
export interface Cron {
  readonly text: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Whether hours are every one: then it follows the time that passes, not the clock's face. */
  readonly isHourly: boolean;
  /** Whether both kinds of day are said: then either is enough (POSIX). */
  readonly eitherDay: boolean;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const weekdays = "sun mon tue wed thu fri sat".split(" ");
const minuteField: Field = { name: "minute", min: 0, max: 59 };
const hourField: Field = { name: "hour", min: 0, max: 23 };
const dayField: Field = { name: "day of month", min: 1, max: 31 };
const monthField: Field = { name: "month", min: 1, max: 12, names: ["", ...months] };
/** Sunday is 0, and 7 as well. */
const weekdayField: Field = { name: "day of week", min: 0, max: 7, names: weekdays };
const fieldCount = 5;
const textMax = 256;

/**
 * Reads a schedule: POSIX crontab with ranges, lists, steps and names.
 *
 * @throws Fault TASK_CRON_INVALID, which says where.
 */
export function readCron(text: string): Cron {
  const parts = text.trim().toLowerCase().split(/\s+/);
  if (parts.length !== fieldCount || text.length > textMax) {
    throw invalid(text, `it has ${parts.length} fields, not ${fieldCount}`);
  }
  const read = (at: number, field: Field) => fieldOf(text, parts[at] ?? "", field);
  const isAny = (at: number) => parts[at]?.startsWith("*") ?? false;
  return {
    text,
    minutes: read(0, minuteField),
    hours: read(1, hourField),
    days: new Set(read(2, dayField)),
    months: new Set(read(3, monthField)),
    weekdays: new Set(read(4, weekdayField).map((day) => day % 7)),
    isHourly: parts[1] === "*",
    eitherDay: !isAny(2) && !isAny(4),
  };
}

/** Whether the schedule has times on this day. */
export function isOn(cron: Cron, day: { month: number; day: number; weekday: number }): boolean {
  if (!cron.months.has(day.month)) return false;
  const [fits, also] = [cron.days.has(day.day), cron.weekdays.has(day.weekday)];
  return cron.eitherDay ? fits || also : fits && also;
}

function fieldOf(text: string, part: string, field: Field): number[] {
  const found = new Set(part.split(",").flatMap((item) => itemOf(text, item, field)));
  return [...found].toSorted((one, other) => one - other);
}

const shape = /^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/;

function itemOf(text: string, item: string, field: Field): number[] {
  const [whole, any, low = "", high, by] = shape.exec(item) ?? [];
  if (whole === undefined) throw invalid(text, `"${item}" is no ${field.name}`);
  const step = by === undefined ? 1 : Number(by);
  if (step === 0) throw invalid(text, `a step of 0 in the ${field.name}`);
  const first = any === undefined ? numberOf(text, low, field) : field.min;
  const last = lastOf(text, { any, high, by, first }, field);
  if (last < first) throw invalid(text, `"${item}" ends before it begins`);
  const count = Math.floor((last - first) / step) + 1;
  return Array.from({ length: count }, (_, at) => first + at * step);
}

interface Said {
  readonly any: string | undefined;
  readonly high: string | undefined;
  readonly by: string | undefined;
  readonly first: number;
}

/** `5` is one time, `5/10` is from 5 on, `fri-sun` ends with the second Sunday. */
function lastOf(text: string, { any, high, by, first }: Said, field: Field): number {
  const most = field === weekdayField && any !== undefined ? field.max - 1 : field.max;
  if (high === undefined) return any === undefined && by === undefined ? first : most;
  const last = numberOf(text, high, field);
  return field === weekdayField && last === 0 && first > 0 ? field.max : last;
}

function numberOf(text: string, word: string, field: Field): number {
  const named = field.names?.indexOf(word) ?? -1;
  const value = named > -1 ? named : /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  if (value >= field.min && value <= field.max) return value;
  throw invalid(text, `"${word}" is no ${field.name}`);
}

function invalid(cron: string, detail: string): Fault {
  return new Fault(Reason.TASK_CRON_INVALID, { cron: cron.slice(0, textMax), detail });
}
