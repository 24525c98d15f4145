import { PageBody, PageHead } from "../../parts/page.tsx";
import { Answers } from "./answers.tsx";
import { Colours } from "./colours.tsx";
import { Controls } from "./controls.tsx";
import { Scales } from "./scales.tsx";
import { Surfaces } from "./surfaces.tsx";

/** The design language on one page: what this app is made of, and when to use what. */
export function PartsPage() {
  return (
    <>
      <PageHead title="Parts">
        <span className="text-sm text-muted">
          What this app is made of. Calm where all is well, alive where something changes.
        </span>
      </PageHead>
      <PageBody>
        <Colours />
        <Scales />
        <Controls />
        <Surfaces />
        <Answers />
      </PageBody>
    </>
  );
}
