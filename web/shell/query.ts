import { QueryClient } from "@tanstack/react-query";
import { isCursorLost, isRefusal } from "../parts/trouble.ts";

const triesMax = 3;

/** Answers stay fresh for a moment; what the hub refuses is not asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < triesMax && !isRefusal(error) && !isCursorLost(error),
    },
    mutations: { retry: false },
  },
});
