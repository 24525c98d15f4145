// What axe finds on a page.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** On a blank page nothing is broken: so many rules apply to every page of ours. */
const rulesMin = 20;
const shownMax = 10;

/** Each rule that is broken, with the elements that break it. */
export async function offencesOn(page: Page): Promise<string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(rules).analyze();
  if (passes.length < rulesMin) throw new Error(`axe had ${passes.length} rules to check`);
  const offences = violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`,
    ),
  );
  return offences.slice(0, shownMax);
}
