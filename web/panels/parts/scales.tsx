import { useState } from "react";
import { Button } from "../../parts/button.tsx";
import { Chapter, Row, Sample } from "./sample.tsx";

const types = [
  ["text-2xl font-semibold tracking-tight", "28, the one thing on a screen"],
  ["text-xl font-semibold tracking-tight", "22, a figure that matters"],
  ["text-lg font-semibold tracking-tight", "18, the title of a page"],
  ["text-base font-semibold", "15, the title of a card, and prose"],
  ["text-sm", "13, what one works with: tables, buttons, forms"],
  ["text-xs text-muted", "12, what stands beside something"],
  ["text-2xs font-medium text-muted", "11, a label over a group"],
] as const;

const spaces = [2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48];
const corners = [
  ["rounded-sm", "4, a mark"],
  ["rounded-md", "6, a badge"],
  ["rounded-lg", "8, a control"],
  ["rounded-xl", "12, a card"],
  ["rounded-2xl", "16, a dialog"],
] as const;
const heights = [
  ["shadow-card", "lies on the page"],
  ["shadow-stand", "stands on it"],
  ["shadow-lift", "is over it"],
] as const;

/** Type, space, corners, heights and motion. */
export function Scales() {
  return (
    <Chapter title="Type, space and motion">
      <Sample
        name="Type"
        when="Seven sizes on a grid of four pixels. Figures have one width each, so that nothing moves as they change."
      >
        <div className="flex flex-col gap-1">
          {types.map(([look, words]) => (
            <p className={look} key={words}>
              {words} <span className="figures">0123456789</span>
            </p>
          ))}
          <p className="font-mono text-xs">12, what is typed or compared: 4756-b1ff-3e39</p>
        </div>
      </Sample>
      <Sample
        name="Space, corners and heights"
        when="Fours, with halves below 12. What is inside has the smaller corner; what is over the page the longer shadow."
      >
        <div className="flex flex-col gap-4">
          <div className="flex items-end gap-2">
            {spaces.map((px) => (
              <span className="flex flex-col items-center gap-1 text-2xs text-muted" key={px}>
                <span className="bg-accent" style={{ width: px, height: px }} />
                {px}
              </span>
            ))}
          </div>
          <Row>
            {corners.map(([look, words]) => (
              <span className={`border border-edge bg-sunken px-3 py-2 text-xs ${look}`} key={look}>
                {words}
              </span>
            ))}
          </Row>
          <Row>
            {heights.map(([look, words]) => (
              <span className={`rounded-lg bg-raised px-3 py-2 text-xs ${look}`} key={look}>
                {words}
              </span>
            ))}
          </Row>
        </div>
      </Sample>
      <Motion />
    </Chapter>
  );
}

function Motion() {
  const [times, setTimes] = useState(0);
  return (
    <Sample
      name="Motion"
      when="Quick (120 ms) answers a hand, calm (240 ms) brings something in, a breath (1.6 s) waits. Nothing moves for who wishes less motion."
    >
      <Row>
        <Button icon="again" onClick={() => setTimes(times + 1)}>
          Show it again
        </Button>
        <span className="animate-rise rounded-lg bg-sunken px-3 py-2 text-xs" key={`rise${times}`}>
          comes
        </span>
        <span
          className="animate-arrive rounded-lg border border-line px-3 py-2 text-xs"
          key={`arrive${times}`}
        >
          has changed
        </span>
        <span className="animate-breathe rounded-lg bg-sunken px-3 py-2 text-xs text-ink">
          waits
        </span>
      </Row>
    </Sample>
  );
}
