/** Schedules: their list, what became of their slots, and what can be done to one. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, type Query } from "./call";
import type { Page } from "./paging";
import type { components } from "./schema";

const LIVE_MS = 10_000;
const PAGE_SIZE = 25;

type Schemas = components["schemas"];
export type ScheduleRow = Schemas["ScheduleShape"];
export type ScheduleRecord = Schemas["ScheduleRecord"];
export type Fire = Schemas["FireShape"];
export type Overlap = ScheduleRow["overlap"];

/** When something is due; either `cron` or `interval` (seconds). */
export interface Timing {
  cron: string | null;
  interval: number | null;
  timezone: string;
  starts_at?: string | null;
  ends_at?: string | null;
}

export interface ScheduleBody extends Timing {
  workflow?: string;
  input?: unknown;
  catch_up: "none" | "last" | number;
  overlap: Overlap;
  jitter: number;
}

/** Returns the address of a schedule or of a part of it, such as "fires/". */
function address(id: string, rest = ""): string {
  return `/api/schedules/${encodeURIComponent(id)}/${rest}`;
}

/** Returns the query of one page of schedules. */
export function useSchedules(query: Query) {
  return useQuery({
    queryKey: ["schedules", "list", query],
    queryFn: () =>
      call<Page<ScheduleRow>>("GET", "/api/schedules/", {
        query: { page_size: PAGE_SIZE, ...query },
      }),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_MS,
  });
}

/** Returns the query of one schedule with its input and its next five slots. */
export function useSchedule(id: string | null) {
  return useQuery({
    queryKey: ["schedules", id],
    queryFn: () => call<ScheduleRecord>("GET", address(id ?? "")),
    enabled: id !== null,
  });
}

/** Returns the query of what became of the last `count` slots of a schedule. */
export function useFires(id: string, count: number) {
  return useQuery({
    queryKey: ["schedules", id, "fires", count],
    queryFn: () => call<Page<Fire>>("GET", address(id, "fires/"), { query: { page_size: count } }),
    refetchInterval: LIVE_MS * 3,
  });
}

/** Returns the query of how the last 200 executions that schedules started stand, by id. */
export function useScheduledStatuses() {
  return useQuery({
    queryKey: ["executions", "scheduled"],
    queryFn: () =>
      call<Page<{ id: string; status: string }>>("GET", "/api/executions/", {
        query: { trigger: "schedule", page_size: 200 },
      }),
    select: (page) => new Map(page.results.map(({ id, status }) => [id, status])),
    refetchInterval: LIVE_MS,
  });
}

export interface Slot {
  utc: string;
  /** As the clock of the schedule's zone shows it. */
  local: string;
}

/** Returns the query of the next five moments of a timing; `null` asks nothing. */
export function useSlots(timing: Timing | null) {
  return useQuery({
    queryKey: ["schedules", "preview", timing],
    queryFn: () =>
      call<{ fires: Slot[] }>("POST", "/api/schedules/preview/", {
        body: { ...timing, count: 5 },
      }),
    enabled: timing !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Returns the mutation that creates a schedule, or changes the one of `id`. */
export function useSaveSchedule(id: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ScheduleBody) =>
      id === null
        ? call<ScheduleRecord>("POST", "/api/schedules/", { body })
        : call<ScheduleRecord>("PATCH", address(id), { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
}

export type ScheduleCommand = "pause" | "resume" | "trigger" | "delete";

/** Returns the mutation that pauses, resumes, fires or deletes a schedule. */
export function useScheduleCommand(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (command: ScheduleCommand) =>
      command === "delete"
        ? call<{ execution_id?: string } | undefined>("DELETE", address(id))
        : call<{ execution_id?: string } | undefined>("POST", address(id, `${command}/`), {
            body: {},
          }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["schedules"] });
      void client.invalidateQueries({ queryKey: ["executions"] });
    },
  });
}
