import { JoinRequestState as State } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { IconName } from "../../parts/icon.tsx";

/** How a wish to join is told. */
export interface RequestLook {
  readonly word: string;
  readonly icon: IconName;
  readonly text: string;
  readonly ground: string;
}

const lapsed: RequestLook = {
  word: "Lapsed",
  icon: "retired",
  text: "text-retired",
  ground: "bg-retired-ground",
};

const looks: Readonly<Record<State, RequestLook>> = {
  [State.UNSPECIFIED]: { ...lapsed, word: "Unknown" },
  [State.WAITING]: {
    word: "Waits",
    icon: "wait",
    text: "text-degraded",
    ground: "bg-degraded-ground",
  },
  [State.APPROVED]: {
    word: "Approved",
    icon: "check",
    text: "text-maintenance",
    ground: "bg-maintenance-ground",
  },
  [State.DENIED]: {
    word: "Denied",
    icon: "block",
    text: "text-offline",
    ground: "bg-offline-ground",
  },
  [State.JOINED]: {
    word: "Joined",
    icon: "online",
    text: "text-online",
    ground: "bg-online-ground",
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
