import { JoinRequestState as State } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { Tone } from "../../parts/badge.tsx";
import type { IconName } from "../../parts/icon.tsx";

/** How a wish to join is told. */
export interface RequestLook {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

const lapsed: RequestLook = {
  word: "Lapsed",
  icon: "retired",
  tone: "retired",
};

const looks: Readonly<Record<State, RequestLook>> = {
  [State.UNSPECIFIED]: { ...lapsed, word: "Unknown" },
  [State.WAITING]: {
    word: "Waits",
    icon: "wait",
    tone: "degraded",
  },
  [State.APPROVED]: {
    word: "Approved",
    icon: "check",
    tone: "maintenance",
  },
  [State.DENIED]: {
    word: "Denied",
    icon: "block",
    tone: "offline",
  },
  [State.JOINED]: {
    word: "Joined",
    icon: "online",
    tone: "online",
  },
  [State.EXPIRED]: lapsed,
};

/** Which wishes a queue shows. */
export const queues = {
  waiting: [State.WAITING, State.APPROVED],
  decided: [State.JOINED, State.DENIED, State.EXPIRED],
} as const satisfies Record<string, readonly State[]>;

/** How a state is told. */
export function requestLook(state: State): RequestLook {
  return looks[state] ?? looks[State.UNSPECIFIED];
}
