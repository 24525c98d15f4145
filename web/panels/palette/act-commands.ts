import { useQuery } from "@connectrpc/connect-query";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { LearningService } from "@foedus/gen/foedus/learning/v1/learning_service_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { TaskService } from "@foedus/gen/foedus/task/v1/task_service_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { useNavigate } from "@tanstack/react-router";
import { countText } from "../../parts/measure.ts";
import type { Permission } from "../../parts/may.ts";
import type { Entry } from "../../shell/chapters.ts";
import { showOverlay } from "../../shell/overlay.ts";
import { useMay } from "../../shell/session.tsx";
import { chosenTheme, showTheme, type Theme, themes } from "../../shell/theme.ts";
import { useSignOut } from "../person/use-sign-out.ts";
import type { Command } from "./command.ts";

/** What whoever is signed in may do here; what they may not is there too, and says why. */
export function useActCommands(): readonly Command[] {
  const { signOut } = useSignOut();
  return [
    ...useAdminCommands(),
    ...themes.map(themeCommand),
    {
      id: "keys",
      group: "Do",
      name: "Show all keys",
      words: ["keyboard", "shortcuts", "help"],
      hint: "?",
      icon: "keys",
      run: () => showOverlay("keys"),
    },
    {
      id: "sign out",
      group: "Do",
      name: "Sign out",
      words: ["log out", "leave"],
      icon: "out",
      run: signOut,
    },
  ];
}

const themeIcons = { system: "screen", light: "sun", dark: "moon" } as const;

function themeCommand(theme: Theme): Command {
  const isNow = chosenTheme() === theme;
  return {
    id: `theme ${theme}`,
    group: "Do",
    name: `Theme: ${theme}`,
    words: ["look", "colours", "mode"],
    hint: isNow ? "now" : "",
    icon: themeIcons[theme],
    run: () => showTheme(theme),
  };
}

/** Decisions are taken on their own pages, where one sees what they are about. */
function useAdminCommands(): readonly Command[] {
  const lead = useLead();
  const { data } = useQuery(AccessService.method.getAccess, {});
  const waiting = data?.waiting ?? 0;
  const approve = lead("/access", useMay(AccessService.method.approveJoin), {
    name: waiting === 0 ? "Approve newcomers: nobody waits" : "Approve newcomers who wait",
    words: ["access", "join", "admit", "deny"],
    icon: "door",
  });
  return [
    { ...approve, hint: waiting === 0 ? "" : countText(waiting) },
    lead("/identity", useMay(IdentityService.method.createToken), {
      name: "Make a join token for a node",
      words: ["identity", "invite", "enroll"],
      icon: "identity",
    }),
    lead("/person", useMay(PersonService.method.createLink), {
      name: "Sign in another browser",
      words: ["link", "session"],
      icon: "person",
    }),
    lead("/learning", useMay(LearningService.method.runCycle), {
      name: "Run a trust cycle",
      words: ["resync", "learning", "score"],
      icon: "trust",
    }),
    lead("/task", useMay(TaskService.method.submitTask), {
      name: "Submit a task",
      words: ["queue", "work", "job", "schedule"],
      icon: "task",
    }),
    lead("/tenant", useMay(TenantService.method.provisionTenant), {
      name: "Provision a tenant",
      words: ["operator", "new"],
      icon: "tenant",
    }),
  ];
}

function useLead() {
  const navigate = useNavigate();
  return (
    to: Entry["to"],
    { allowed, why }: Permission,
    says: Pick<Command, "name" | "words" | "icon">,
  ): Command => ({
    ...says,
    id: `lead ${to}`,
    group: "Do",
    refusal: allowed ? undefined : why,
    run: () => void navigate({ to }),
  });
}
