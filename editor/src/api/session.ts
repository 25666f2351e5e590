/** Who is logged in. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "./client";

/** Returns the query of the account that is logged in; its error is 401 when nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: () => unwrap(api.GET("/api/auth/me/")),
    staleTime: 60_000,
    retry: false,
  });
}

/** Returns the mutation that logs in. */
export function useLogIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { username: string; password: string }) =>
      unwrap(api.POST("/api/auth/login/", { body })),
    onSuccess: (user) => client.setQueryData(["session"], user),
  });
}

/** Returns the mutation that logs out and forgets what was read. */
export function useLogOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/auth/logout/")),
    onSuccess: () => client.clear(),
  });
}
