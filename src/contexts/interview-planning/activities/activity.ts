import type { Provider, Type } from '@nestjs/common';
import type { ContextSchema } from '#platform/database/context-schema';
import type { ActivityKind } from '../domain/activity-kind.js';

/** What a kind of activity declares. Its folder holds all of it; `index.ts` lists it. */
export interface Activity {
  /** Its name in the database, the API and the console. It never changes. */
  readonly type: string;
  /** What "Add activity" calls it, unless what the kind offers has a label of its own. */
  readonly label: string;
  /** The fields of `POST /job_stages/{id}/items`, with `type`. */
  readonly NewItem: Type<object>;
  /** The fields of `PATCH /job_stage_items/{id}`. */
  readonly ItemChange: Type<object>;
  /** What the API shows of its configuration, for kinds that store one. */
  readonly Shown?: Type<object>;
  /** Its rules. */
  readonly Kind: Type<ActivityKind>;
  /** Ports and use cases of its own. */
  readonly providers?: readonly Provider[];
  /** Routes of its own, for kinds that have a state for each application. */
  readonly controllers?: readonly Type<object>[];
  /** Tables of its own, with what their text columns hold. */
  readonly migrations?: ContextSchema['migrations'];
  readonly columns?: ContextSchema['columns'];
}
