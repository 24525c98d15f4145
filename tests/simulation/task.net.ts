import type { Agenda } from "@foedus/kernel/simulation/agenda.ts";
import type { Chance } from "@foedus/kernel/simulation/chance.ts";

/** How badly things go. */
export interface Weather {
  lost: number;
  twice: number;
  slowMs: number;
}

/** Between clients, workers, hubs and the database: slow, lossy, now and then cut. */
export class TaskNet {
  readonly weather: Weather = { lost: 0, twice: 0, slowMs: 20 };
  readonly #cuts = new Set<string>();
  readonly #agenda: Agenda;
  readonly #chance: Chance;

  constructor(agenda: Agenda, chance: Chance) {
    this.#agenda = agenda;
    this.#chance = chance;
  }

  /** Cuts two parties apart for a while. */
  cut(one: string, other: string, ms: number): void {
    const pair = pairOf(one, other);
    this.#cuts.add(pair);
    this.#agenda.after(ms, () => void this.#cuts.delete(pair));
  }

  heal(): void {
    this.#cuts.clear();
    Object.assign(this.weather, { lost: 0, twice: 0, slowMs: 20 });
  }

  /** Sends something, which arrives, perhaps twice, perhaps not. */
  send(from: string, to: string, arrive: () => void): void {
    const { lost, twice } = this.weather;
    if (this.#cuts.has(pairOf(from, to)) || this.#chance.happens(lost)) return;
    this.#agenda.after(this.#delay(), arrive);
    if (this.#chance.happens(twice)) this.#agenda.after(this.#delay() * 3, arrive);
  }

  #delay(): number {
    return 1 + this.#chance.below(this.weather.slowMs);
  }
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one}|${other}` : `${other}|${one}`;
}
