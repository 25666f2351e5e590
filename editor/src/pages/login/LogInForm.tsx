/** Name and password, and what was wrong with them. */
import { LogIn } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/api/errors";
import { useLogIn } from "@/api/session";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";

interface LogInFormProps {
  /** Whose password is asked for; without it the name is asked for too. */
  username?: string;
  onDone: () => void;
}

/** The form. */
export function LogInForm({ username, onDone }: LogInFormProps) {
  const [name, setName] = useState(username ?? "");
  const [password, setPassword] = useState("");
  const logIn = useLogIn();
  const isFilled = name.trim() !== "" && password !== "";
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFilled || logIn.isPending) return;
        logIn.mutate(
          { username: name.trim(), password },
          { onSuccess: onDone, onError: () => setPassword("") },
        );
      }}
    >
      <Field label="User name">
        {(parts) => (
          <TextInput
            {...parts}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={150}
            readOnly={username !== undefined}
            autoFocus={username === undefined}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(parts) => (
          <TextInput
            {...parts}
            type="password"
            name="password"
            autoComplete="current-password"
            maxLength={4096}
            autoFocus={username !== undefined}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {logIn.error && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
          {refusalWords(logIn.error)}
        </p>
      )}
      <Button
        type="submit"
        look="primary"
        icon={LogIn}
        busy={logIn.isPending}
        disabledReason={isFilled ? null : "Enter your name and password"}
      >
        Log in
      </Button>
    </form>
  );
}

/** Returns why nobody was logged in, in words. */
export function refusalWords(error: unknown): string {
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 401) return "This name and password do not belong together. Try again.";
  if (status === 429) return "Too many tries. Wait five minutes, then try again.";
  return messageOf(error);
}
