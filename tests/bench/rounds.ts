// How a figure is taken: floor and subject by turns, so that a noisy minute hits both.

/** What one turn of one subject gave. */
export interface Turn {
  readonly operations: number;
  readonly seconds: number;
  /** CPU of the server's processes, in microseconds; undefined where nobody counts it. */
  readonly cpuUs: number | undefined;
}

/** Something that is measured. */
export interface Subject {
  readonly name: string;
  /** What its ratios are of: the name of another subject, or undefined for a floor. */
  readonly floor?: string;
  turn(): Promise<Turn>;
}

/** The middle, and how far it went. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** What the rounds of one subject gave. */
export interface Figures {
  readonly name: string;
  readonly perSecond: Spread;
  readonly cpuUs: Spread | undefined;
  /** Of the floor's figures of the same round: how often as many, and how often as much CPU. */
  readonly ratio:
    | { readonly floor: string; readonly rate: Spread; readonly cpu: Spread | undefined }
    | undefined;
}

/** Runs the subjects by turns, after one round that warms up and does not count. */
export async function interleave(subjects: readonly Subject[], rounds: number): Promise<Figures[]> {
  const turns = new Map(subjects.map((subject) => [subject.name, [] as Turn[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const turn = await subject.turn();
      if (round > 0) turns.get(subject.name)?.push(turn);
    }
  }
  return subjects.map((subject) => {
    const own = turns.get(subject.name) ?? [];
    return figuresOf(subject, own, turns.get(subject.floor ?? "") ?? []);
  });
}

const rateOf = ({ operations, seconds }: Turn) => operations / seconds;
const cpuOf = ({ operations, cpuUs }: Turn) =>
  cpuUs === undefined ? undefined : cpuUs / operations;

function figuresOf(
  { name, floor }: Subject,
  own: readonly Turn[],
  below: readonly Turn[],
): Figures {
  const rate = own.map((turn, round) =>
    ratioOf(rateOf(turn), below[round] && rateOf(below[round])),
  );
  const cpu = own.map((turn, round) => ratioOf(cpuOf(turn), below[round] && cpuOf(below[round])));
  return {
    name,
    perSecond: spreadOf(own.map(rateOf)) ?? { median: 0, min: 0, max: 0 },
    cpuUs: spreadOf(own.map(cpuOf)),
    ratio:
      floor === undefined
        ? undefined
        : { floor, rate: spreadOf(rate) ?? { median: 0, min: 0, max: 0 }, cpu: spreadOf(cpu) },
  };
}

function ratioOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined || other === 0 ? undefined : one / other;
}

/** Median, least and most; undefined of nothing, or when one is missing. */
export function spreadOf(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const [min] = known;
  const max = known.at(-1);
  if (min === undefined || max === undefined || known.length < values.length) return undefined;
  const middle = (known.length - 1) / 2;
  const [low, high] = [known[Math.floor(middle)] ?? min, known[Math.ceil(middle)] ?? max];
  return { median: (low + high) / 2, min, max };
}
