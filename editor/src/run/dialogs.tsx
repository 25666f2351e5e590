/** The parts of runs that hold forms, loaded when one is first opened: forms weigh as much as a
 * page, and few visits need one. */
import { lazy } from "react";

export const RunDialog = lazy(async () => ({
  default: (await import("./RunDialog")).RunDialog,
}));

export const SkipDialog = lazy(async () => ({
  default: (await import("./SkipDialog")).SkipDialog,
}));

export const AnswerForm = lazy(async () => ({
  default: (await import("./AnswerForm")).AnswerForm,
}));
