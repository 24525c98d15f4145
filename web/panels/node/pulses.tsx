import { useEffect, useRef } from "react";
import type { Detail, Point } from "./layout.ts";
import type { Watch } from "./watch.ts";

/** Enough to be alive, few enough to stay calm. */
const movingMax = 24;
const travelMs = 900;

/** A light that runs along a link when a heartbeat arrives, and only then. */
export function Pulses(props: {
  pulse: Watch["pulse"];
  places: ReadonlyMap<string, Point>;
  detail: Detail;
}) {
  const group = useRef<SVGGElement>(null);
  const { pulse, places, detail } = props;
  useEffect(() => {
    const parent = group.current;
    if (parent === null || pulse.turn === 0 || prefersStillness()) return;
    for (const id of pulse.ids.slice(0, movingMax)) {
      const place = places.get(id);
      if (place !== undefined) travel(parent, place, detail === "dot" ? 1.6 : 3.5);
    }
  }, [pulse, places, detail]);
  return <g className="fill-online" ref={group} />;
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

function prefersStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
