// What a person does to the app, with Slack's own words when the app doesn't answer as it must.

import { ControlError, people } from "./api.js";

/** Slack's name for an answer that wasn't one; null when the app acknowledged. */
function failureOf(answer) {
  if (!answer || answer.status === undefined) return null;
  if (answer.error) return answer.error;
  if (answer.status >= 200 && answer.status < 300) return null;
  return answer.status ? `http_status_${answer.status}` : "operation_timeout";
}

function acknowledged(answer, words) {
  const failure = failureOf(answer);
  if (failure) throw new ControlError(answer.shown ? `${answer.shown} (${failure})` : words(failure));
  return answer;
}

const trouble = (failure) =>
  failure === "operation_timeout"
    ? "This app didn't respond in time: failed with the error “operation_timeout”."
    : `This app is having trouble: failed with the error “${failure}”.`;

export const click = async (body) => acknowledged(await people.click(body), trouble);
export const shortcut = async (body) => acknowledged(await people.shortcut(body), trouble);
export const submit = async (body) => acknowledged(await people.submit(body), trouble);
export const suggest = async (body) => acknowledged(await people.suggest(body), trouble);

/** What became of a command, in a few words; Slack itself tells the person in the channel when it failed. */
export async function slash(body) {
  const answer = await people.slash(body);
  const failure = failureOf(answer);
  return failure
    ? `${body.command} failed: ${failure}`
    : `${body.command} ${body.text}`.trim() + ` · the app acknowledged in ${Math.round(answer.ack_ms)} ms`;
}
