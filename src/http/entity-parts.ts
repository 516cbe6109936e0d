// The parts of the server that the routes of entities and of organisations need.
import type { Dispatch } from '../commands/dispatch.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import type { AsOf } from './as-of.ts';

export interface EntityParts {
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly asOf: AsOf;
}
