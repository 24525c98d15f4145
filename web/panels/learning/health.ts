import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import type { IconName } from "../../parts/icon.tsx";

/** A judgement as a word, a shape and a colour. */
export interface HealthLook {
  readonly word: string;
  readonly icon: IconName;
  readonly text: string;
  readonly ground: string;
  readonly border: string;
  readonly stripe: string;
  readonly because: string;
}

const unknown: HealthLook = {
  word: "Unknown",
  icon: "retired",
  text: "text-retired",
  ground: "bg-retired-ground",
  border: "border-retired",
  stripe: "border-l-retired",
  because: "No node has a score yet.",
};
const healthy: HealthLook = {
  word: "Healthy",
  icon: "online",
  text: "text-online",
  ground: "bg-online-ground",
  border: "border-online",
  stripe: "border-l-online",
  because: "The mean is at least 80 and the deviation at most 12.",
};
const degraded: HealthLook = {
  word: "Degraded",
  icon: "degraded",
  text: "text-degraded",
  ground: "bg-degraded-ground",
  border: "border-degraded",
  stripe: "border-l-degraded",
  because: "The mean is at least 60 and the deviation at most 20, but not both are better.",
};
const critical: HealthLook = {
  word: "Critical",
  icon: "offline",
  text: "text-offline",
  ground: "bg-offline-ground",
  border: "border-offline",
  stripe: "border-l-offline",
  because: "The mean is below 60, or the deviation above 20.",
};

/** How the network of a cycle is told. */
export function healthLook(health: NetworkHealth | undefined): HealthLook {
  switch (health) {
    case NetworkHealth.HEALTHY:
      return healthy;
    case NetworkHealth.DEGRADED:
      return degraded;
    case NetworkHealth.CRITICAL:
      return critical;
    default:
      return unknown;
  }
}

/** From here on a mean is healthy, and so is a node drawn by its trust. */
export const healthyMin = 80;
export const degradedMin = 60;

/** How one node's score is told: by the thresholds of the network; grey while unknown. */
export function trustLook(score: number | undefined): HealthLook {
  if (score === undefined) return { ...unknown, because: "Fewer than three inputs counted." };
  if (score >= healthyMin) return { ...healthy, word: "Trusted" };
  return score >= degradedMin
    ? { ...degraded, word: "Doubtful" }
    : { ...critical, word: "Distrusted" };
}
