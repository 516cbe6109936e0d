// Turns the outcome of a command or of a workflow into an answer.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import { showEvent } from '../../projections/viewer/shown-event.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Dispatched, Failure } from '../commands/dispatched.ts';
import type { WorkflowFailure } from '../workflows/workflow-failure.ts';
import { KEY_REUSED, type Problem, type ProblemCode } from './problem.ts';
import { tooManyRequests } from './rate-limit.ts';
import type { Answer } from './route.ts';

/**
 * Calls `done` with the command's events and the read models right after them; returns a problem if the command failed.
 */
export function commandAnswer(
  dispatched: Dispatched,
  viewer: Viewer,
  done: (events: readonly RecordedEvent[], models: Models) => Answer | Promise<Answer>,
): Answer | Promise<Answer> {
  return dispatched.kind === 'done' ? done(dispatched.events, dispatched.models) : failureProblem(dispatched, viewer);
}

/** The problem for a command or workflow that failed. */
export function failureProblem(failure: WorkflowFailure, viewer: Viewer): Problem {
  switch (failure.kind) {
    case 'rejected':
      return rejectionProblem(failure);
    case 'stale':
      return staleProblem(failure, viewer);
    case 'key-reused':
      return KEY_REUSED;
    case 'limited':
      return tooManyRequests(failure.verdict);
    case 'overloaded':
      return {
        problem: 'overloaded',
        detail: 'Too many changes are waiting to be recorded; try again in a moment.',
        headers: { 'Retry-After': '1' },
      };
    case 'unavailable':
      // The reason is for operators, who find it in the health check and in the server log.
      return {
        problem: 'unavailable',
        detail: 'The server cannot record changes at the moment. Reads still work. The health check has details.',
        headers: { 'Retry-After': '10' },
      };
  }
}

/** The problem for a command that a business rule rejected. */
export function rejectionProblem({
  code,
  message,
  pointer,
}: {
  readonly code: ProblemCode;
  readonly message: string;
  readonly pointer?: string;
}): Problem {
  const errors = pointer === undefined ? {} : { errors: [{ in: 'body', pointer, detail: message } as const] };
  return { problem: code, detail: message, ...errors };
}

function staleProblem({ actual, since }: Extract<Failure, { kind: 'stale' }>, viewer: Viewer): Problem {
  return {
    problem: 'stale',
    detail: `The entity is now at version ${actual}. Review the events since then, and send the change again with the new ETag.`,
    members: { version: actual, events: since.flatMap((event) => showEvent(event, viewer) ?? []) },
  };
}

/** The ETag of an entity: its version, and the position of the last event that changed how the entity is shown. */
export function entityTag({ version, position }: { version: number; position: number }): string {
  return `${version}-${position}`;
}
