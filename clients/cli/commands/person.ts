import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Command } from "commander";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  CreateLinkResponseSchema,
  GetSessionResponseSchema,
  PersonService,
} from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { CliContext } from "../context.ts";
import { roleName } from "../names.ts";
import { strong, unknown } from "../paint.ts";
import { agoText } from "../words/span.ts";

/** `foedus person link | whoami | view`. */
export function register(program: Command, context: CliContext): void {
  const person = program.command("person").description("People who sign in.");
  person
    .command("link")
    .description("Makes a link that signs one browser in, once, within 15 minutes.")
    .action(() => link(context));
  person
    .command("whoami")
    .description("Tells who this command line is to the hub.")
    .action(() => whoami(context));
  registerViews(person, context);
}

function registerViews(person: Command, context: CliContext): void {
  const view = person
    .command("view")
    .description("Addresses of the page that you saved under a name.");
  view
    .command("list")
    .description("Lists your views and those that are shared.")
    .action(async () => (await import("../person/views.ts")).listViews(context));
  view
    .command("save")
    .description("Saves an address of the page under a name; your view of that name is replaced.")
    .argument("<name>", "what to call it")
    .argument("<path>", 'the address within the page, e.g. "/node?state=offline"')
    .option("--share", "let everybody in the tenant see it")
    .action(async (name: string, path: string, options: { readonly share?: boolean }) => {
      await (await import("../person/views.ts")).saveView(context, name, path, options);
    });
  view
    .command("remove")
    .description("Removes a view of yours; admins remove shared ones of others too.")
    .argument("<view>", "its name or id")
    .action(async (typed: string) => {
      await (await import("../person/views.ts")).removeView(context, typed);
    });
}

async function link(context: CliContext): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId() };
  const answer = await hub.as(PersonService).createLink(request, hub.call);
  await context.print.answer(CreateLinkResponseSchema, answer, () => {
    context.print.line(answer.link);
    context.print.note("Open it in a browser within 15 minutes. It signs one browser in, once.");
  });
}

async function whoami(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(PersonService).getSession({}, hub.call);
  await print.answer(GetSessionResponseSchema, answer, async () => {
    const { person, session, tenant, trustDomain } = answer;
    const end = session?.expireTime;
    await print.pairs([
      ["Person", strong(person?.displayName ?? "nobody")],
      ["Role", roleName(person?.role ?? Role.UNSPECIFIED)],
      ["Tenant", `${tenant} of ${trustDomain}`],
      ["Hub", hub.address],
      ["Session from", context.session().place],
      ["Session ends", end ? `${agoText(timestampMs(end), hub.nowMs())} if not used` : unknown],
    ]);
  });
}
