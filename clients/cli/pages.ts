/** One page of a list. */
interface PageOf {
  readonly nextPageToken: string;
}

const pageSize = 500;

/** All pages of a list, one after the other. */
export async function allPages<Page extends PageOf, Item>(
  fetch: (page: { size: number; token: string }) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<Item[]> {
  const items: Item[] = [];
  let token = "";
  do {
    const page = await fetch({ size: pageSize, token });
    items.push(...itemsOf(page));
    token = page.nextPageToken;
  } while (token !== "");
  return items;
}
