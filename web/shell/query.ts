import { QueryClient } from "@tanstack/react-query";
import { isAbsence } from "../parts/trouble.ts";

const triesMax = 2;

/** Answers stay fresh for a moment; only a hub that is not there is asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < triesMax && isAbsence(error),
    },
    mutations: { retry: false },
  },
});
