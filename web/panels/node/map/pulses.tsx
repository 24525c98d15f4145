import { useEffect, useRef } from "react";
import { prefersStillness } from "../../../parts/still.ts";
import type { Watch } from "../watch.ts";
import type { Point } from "./geometry.ts";

/** Enough to be alive, few enough to stay calm. */
const movingMax = 24;
const travelMs = 900;

interface PulsesProps {
  readonly pulse: Watch["pulse"];
  readonly places: ReadonlyMap<string, Point>;
  /** How large a light is, in the world. */
  readonly radius: number;
}

/** A light that runs along a link when a heartbeat arrives, and only then. */
export function Pulses({ pulse, places, radius }: PulsesProps) {
  const group = useRef<SVGGElement>(null);
  const shown = useRef(pulse.turn);
  useEffect(() => {
    const parent = group.current;
    if (parent === null || pulse.turn === shown.current) return;
    shown.current = pulse.turn;
    if (prefersStillness()) return;
    for (const id of pulse.ids.slice(0, movingMax)) {
      const place = places.get(id);
      if (place !== undefined) travel(parent, place, radius);
    }
  }, [pulse, places, radius]);
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute size-px overflow-visible">
      <g className="fill-online" ref={group} />
    </svg>
  );
}

function travel(parent: SVGGElement, { x, y }: Point, radius: number): void {
  const light = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  light.setAttribute("r", String(radius));
  light.setAttribute("opacity", "0");
  parent.append(light);
  const steps = [
    { transform: `translate(${x}px, ${y}px)`, opacity: 0 },
    { transform: `translate(${x * 0.8}px, ${y * 0.8}px)`, opacity: 1, offset: 0.2 },
    { transform: "translate(0px, 0px)", opacity: 0.9 },
  ];
  const run = light.animate(steps, { duration: travelMs, easing: "cubic-bezier(.3,.1,.3,1)" });
  const leave = () => light.remove();
  run.addEventListener("finish", leave);
  run.addEventListener("cancel", leave);
}
