import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { View } from "@foedus/gen/foedus/person/v1/person_pb.js";
import {
  ListViewsResponseSchema,
  PersonService,
  RemoveViewResponseSchema,
  SaveViewResponseSchema,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";

/** Lists the views that one sees: one's own and the shared ones. */
export async function listViews(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const [views, me] = await Promise.all([readViews(context), ownId(context)]);
  await print.answer(ListViewsResponseSchema, create(ListViewsResponseSchema, { views }), () => {
    if (views.length === 0) {
      return print.line("No views yet. A view is an address of the page, saved under a name.");
    }
    const nowMs = hub.nowMs();
    const head = ["NAME", "ADDRESS", "WHOSE", "SEEN BY", "SAVED", "VIEW"];
    return print.table(
      head,
      views.map((view) => rowOf(view, me, nowMs)),
    );
  });
}

function rowOf(view: View, me: string, nowMs: number): Piece[] {
  const { id, name, path, shared, personId, createTime } = view;
  const saved = createTime === undefined ? unknown : agoText(timestampMs(createTime), nowMs);
  const whose = personId === me ? "you" : personId;
  return [name, path, whose, shared ? "everybody" : "you", saved, id];
}

/** Saves an address under a name; one's own view of that name is replaced. */
export async function saveView(
  context: CliContext,
  name: string,
  path: string,
  { share = false }: { readonly share?: boolean },
): Promise<void> {
  const hub = await context.hub();
  const [views, me] = await Promise.all([readViews(context), ownId(context)]);
  const known = views.find((view) => view.personId === me && view.name === name);
  const request = {
    requestId: context.newRequestId(),
    viewId: known?.id ?? "",
    name,
    path,
    shared: share,
  };
  const answer = await hub.as(PersonService).saveView(request, hub.call);
  await context.print.answer(SaveViewResponseSchema, answer, () => {
    const done = known === undefined ? "Saved" : "Changed";
    context.print.line(`${done} ${name}, seen by ${share ? "everybody here" : "you"}.`);
    context.print.note("It is under Views on the page, in any browser where you sign in.");
  });
}

/** Removes a view, by its name or id; among several of a name, one's own. */
export async function removeView(context: CliContext, typed: string): Promise<void> {
  const hub = await context.hub();
  const [views, me] = await Promise.all([readViews(context), ownId(context)]);
  const called = views.filter((view) => view.id === typed || view.name === typed);
  const found = called.find((view) => view.personId === me) ?? called[0];
  if (found === undefined) throw new Fault(Reason.NOT_FOUND, { object: `view ${typed}` });
  const request = { requestId: context.newRequestId(), viewId: found.id };
  const answer = await hub.as(PersonService).removeView(request, hub.call);
  await context.print.answer(RemoveViewResponseSchema, answer, () => {
    context.print.line(`Removed ${found.name}, which showed ${found.path}.`);
  });
}

async function readViews(context: CliContext): Promise<View[]> {
  const hub = await context.hub();
  const client = hub.as(PersonService);
  return await allPages(
    (page) => client.listViews({ page }, hub.call),
    (page) => page.views,
  );
}

async function ownId(context: CliContext): Promise<string> {
  const hub = await context.hub();
  const { person } = await hub.as(PersonService).getSession({}, hub.call);
  return person?.id ?? "";
}
